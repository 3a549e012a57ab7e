// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import io.skopos.ingest.json.JsonValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Fetches tokens and keeps each until shortly before it expires. The client shows itself by Basic
 * authorization, and where the server wants none of it, by parameters. Thread-safe.
 */
final class OAuth2Tokens implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final OAuth2Settings settings;
  private final HttpClient client;
  private final ReentrantLock fetching = new ReentrantLock();
  private boolean byParameters;
  private @Nullable String header;
  private long expiresNanos;
  private boolean expires;

  OAuth2Tokens(OAuth2Settings settings, HttpThreads threads, String userAgent) throws FetchFailure {
    this.settings = settings;
    this.client =
        new HttpClient(
            new HttpSettings(null, null, settings.tls(), settings.proxy(), true, true, Map.of()),
            threads,
            userAgent);
  }

  String header(Deadline deadline) throws FetchFailure, InterruptedException {
    // Many targets may wait for one token.
    fetching.lockInterruptibly();
    try {
      String known = header;
      if (known != null && (!expires || expiresNanos - System.nanoTime() > 0)) {
        return known;
      }
      return fetch(deadline);
    } finally {
      fetching.unlock();
    }
  }

  /** The token was not accepted: the next request gets a new one. */
  void forget() {
    fetching.lock();
    try {
      header = null;
    } finally {
      fetching.unlock();
    }
  }

  private String fetch(Deadline deadline) throws FetchFailure, InterruptedException {
    Path file = settings.secretFile();
    String secret = file == null ? settings.secret() : Credentials.read(file);
    Result result = ask(secret, byParameters, deadline);
    if (result.status != 200) {
      Result other = ask(secret, !byParameters, deadline);
      if (other.status == 200) {
        byParameters = !byParameters;
        result = other;
      }
    }
    if (result.status / 100 != 2) {
      throw new FetchFailure(
          "no OAuth2 token: " + settings.tokenUrl() + " returned HTTP status " + result.status);
    }
    return take(result.answer);
  }

  private record Result(int status, JsonValue answer) {}

  private Result ask(String secret, boolean withParameters, Deadline deadline)
      throws FetchFailure, InterruptedException {
    Map<String, String> form = new TreeMap<>(settings.endpointParams());
    form.put("grant_type", "client_credentials");
    if (!settings.scopes().isEmpty()) {
      form.put("scope", String.join(" ", settings.scopes()));
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    headers.put("Accept", "application/json");
    if (withParameters) {
      form.put("client_id", settings.clientId());
      form.put("client_secret", secret);
    } else {
      String pair = encode(settings.clientId()) + ":" + encode(secret);
      headers.put(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    StringBuilder text = new StringBuilder();
    form.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : "&")
            .append(encode(name))
            .append('=')
            .append(encode(value)));
    HttpCall call = HttpCall.postForm(settings.tokenUrl(), headers, text.toString());
    try (HttpAnswer answer = client.send(call, deadline)) {
      byte[] body = answer.bytes(MAX_ANSWER_BYTES);
      if (answer.status() / 100 != 2) {
        return new Result(answer.status(), JsonValue.MISSING);
      }
      return new Result(answer.status(), JsonValue.parse(body));
    } catch (JsonValue.Malformed e) {
      throw new FetchFailure("no OAuth2 token: " + settings.tokenUrl() + " sent no JSON", e);
    } catch (FetchFailure e) {
      throw new FetchFailure("no OAuth2 token: " + e.getMessage(), e);
    }
  }

  private String take(JsonValue answer) throws FetchFailure {
    String token = answer.get("access_token").text();
    if (token.isEmpty()) {
      throw new FetchFailure(
          "no OAuth2 token: the answer of " + settings.tokenUrl() + " has no access_token");
    }
    long seconds = answer.get("expires_in").number(0);
    expires = seconds > 0;
    expiresNanos =
        System.nanoTime() + Duration.ofSeconds(Math.min(seconds, 1L << 31)).minus(MARGIN).toNanos();
    String given = answer.get("token_type").text();
    String type =
        switch (given.toLowerCase(Locale.ROOT)) {
          case "", "bearer" -> "Bearer";
          case "mac" -> "MAC";
          case "basic" -> "Basic";
          default -> given;
        };
    String fresh = type + " " + token;
    header = fresh;
    return fresh;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
  }
}
