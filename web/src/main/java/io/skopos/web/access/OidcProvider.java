// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.web.tls.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Speaks to an OpenID provider, with bounded time and bounded answers. Thread-safe. */
final class OidcProvider {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final JsonFactory JSON = new JsonFactory();

  private final OidcConfig config;
  private final HttpClient client;
  private volatile @Nullable Endpoints endpoints;

  /** What the provider says of itself. */
  record Endpoints(URI keys, @Nullable URI authorization, @Nullable URI token) {}

  OidcProvider(OidcConfig config) throws IOException {
    this.config = config;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE);
    if (!config.caFile().isEmpty()) {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
            null, PemFiles.trustManagers(PemFiles.certificates(Path.of(config.caFile()))), null);
        builder.sslContext(context);
      } catch (GeneralSecurityException e) {
        throw new IOException(config.caFile() + " cannot be used: " + e.getMessage(), e);
      }
    }
    client = builder.build();
  }

  /** Asked for once, and again until it answers. */
  Endpoints endpoints() throws IOException {
    Endpoints known = endpoints;
    if (known == null) {
      String base =
          config.issuer().endsWith("/")
              ? config.issuer().substring(0, config.issuer().length() - 1)
              : config.issuer();
      Map<String, String> said = texts(get(URI.create(base + "/.well-known/openid-configuration")));
      if (!config.issuer().equals(said.get("issuer"))) {
        throw new IOException(
            "the provider calls itself '"
                + said.get("issuer")
                + "', web.access.oidc.issuer is '"
                + config.issuer()
                + "'");
      }
      String keys = said.get("jwks_uri");
      if (keys == null) {
        throw new IOException("the provider names no jwks_uri");
      }
      known =
          new Endpoints(
              URI.create(keys),
              uri(said.get("authorization_endpoint")),
              uri(said.get("token_endpoint")));
      endpoints = known;
    }
    return known;
  }

  private static @Nullable URI uri(@Nullable String text) {
    return text == null ? null : URI.create(text);
  }

  byte[] get(URI uri) throws IOException {
    return send(HttpRequest.newBuilder(uri).timeout(PATIENCE).header("Accept", "application/json"));
  }

  /** The texts of the answer to a form. */
  Map<String, String> post(URI uri, String form, @Nullable String authorization)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(PATIENCE)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return texts(send(request));
  }

  private byte[] send(HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        byte[] bytes = body.readNBytes(MAX_ANSWER_BYTES + 1);
        if (answer.statusCode() != 200 || bytes.length > MAX_ANSWER_BYTES) {
          throw new IOException(
              request.uri() + " answers " + answer.statusCode() + ", " + bytes.length + " bytes");
        }
        return bytes;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The texts at the top of a JSON object. */
  private static Map<String, String> texts(byte[] json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("the provider's answer is no JSON object");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          texts.put(name, parser.getText());
        } else {
          parser.skipChildren();
        }
      }
    }
    return texts;
  }
}
