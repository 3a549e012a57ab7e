// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command talks to, and as whom. */
final class Connection {

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:SKOPOS_URL:-http://127.0.0.1:4900}",
      description = "The server (default: ${DEFAULT-VALUE}; also from SKOPOS_URL).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String url;

  @Option(
      names = "--tenant",
      paramLabel = "ID",
      defaultValue = "${env:SKOPOS_TENANT}",
      description = "Whose data: sent as X-Scope-OrgID (also from SKOPOS_TENANT).")
  private @Nullable String tenant;

  @Option(names = "--token-file", paramLabel = "FILE", description = "A file with a bearer token.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--basic-auth-file",
      paramLabel = "FILE",
      description = "A file with user:password.")
  private @Nullable Path basicAuthFile;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "Gives up after so long (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  /**
   * Posts a form and returns the answer's body; a status other than 2xx fails with the server's
   * words.
   */
  Object postForm(String path, Map<String, String> parameters) {
    String form =
        parameters.entrySet().stream()
            .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
            .collect(Collectors.joining("&"));
    return exchange(path, "application/x-www-form-urlencoded", form);
  }

  Object postJson(String path, String json) {
    return exchange(path, "application/json", json);
  }

  private Object exchange(String path, String contentType, String body) {
    URI target =
        URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) + path : url + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(Duration.ofSeconds(timeoutSeconds))
            .header("Content-Type", contentType)
            .header("User-Agent", "skopos-cli")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (tenant != null && !tenant.isEmpty()) {
      request.header("X-Scope-OrgID", tenant);
    }
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + secret(tokenFile));
    } else if (basicAuthFile != null) {
      request.header(
          "Authorization",
          "Basic "
              + Base64.getEncoder()
                  .encodeToString(secret(basicAuthFile).getBytes(StandardCharsets.UTF_8)));
    }
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build()) {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new CommandFailed(refusal(response));
      }
      return response.body().isEmpty()
          ? Map.of()
          : JsonTree.parse(new JsonFactory(), response.body());
    } catch (java.net.ConnectException e) {
      throw new CommandFailed(
          "nothing answers at " + url + "; start a server with: skopos server", e);
    } catch (IOException e) {
      throw new CommandFailed(target + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  private static String refusal(HttpResponse<String> response) {
    try {
      if (JsonTree.parse(new JsonFactory(), response.body()) instanceof Map<?, ?> answer
          && answer.get("error") instanceof String error) {
        return error;
      }
    } catch (IOException e) {
      // Not JSON: the body itself is the message.
    }
    return "HTTP " + response.statusCode() + ": " + response.body().strip();
  }

  private static String secret(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CommandFailed("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
