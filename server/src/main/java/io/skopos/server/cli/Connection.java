// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import io.skopos.server.access.LocalAccess;
import io.skopos.server.cli.transfer.ServerSession;
import io.skopos.web.tls.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command talks to, and as whom. */
final class Connection {

  private static final String DEFAULT_URL = "http://127.0.0.1:4900";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:SKOPOS_URL}",
      description = "The server (default: " + DEFAULT_URL + "; also from SKOPOS_URL).")
  private @Nullable String url;

  @Option(
      names = "--tenant",
      paramLabel = "ID",
      defaultValue = "${env:SKOPOS_TENANT}",
      description = "Whose data: sent as X-Scope-OrgID (also from SKOPOS_TENANT).")
  private @Nullable String tenant;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:SKOPOS_TOKEN_FILE}",
      description = "A file with a bearer token (also from SKOPOS_TOKEN_FILE).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--basic-auth-file",
      paramLabel = "FILE",
      description = "A file with user:password.")
  private @Nullable Path basicAuthFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "PEM file of the authorities to trust instead of the platform's.")
  private @Nullable Path caFile;

  @Option(
      names = "--cert-file",
      paramLabel = "FILE",
      description = "PEM file of a client certificate to show; needs --key-file.")
  private @Nullable Path certFile;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "PEM file (PKCS#8) of the client certificate's key.")
  private @Nullable Path keyFile;

  private LocalAccess.@Nullable Found local;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "Gives up after so long (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  /**
   * Takes the way in that the server of a data directory leaves for its owner, unless the command
   * line names a server or credentials.
   */
  Connection orLocal(Path dataDirectory) {
    if (isUnset(url) && tokenFile == null && basicAuthFile == null && certFile == null) {
      try {
        local = LocalAccess.find(dataDirectory);
      } catch (IOException e) {
        throw new CommandFailed(
            "cannot read the way into the server of "
                + dataDirectory
                + ": "
                + e.getMessage()
                + "; give --url and --token-file",
            e);
      }
    }
    return this;
  }

  /**
   * Posts a form and returns the answer's body; a status other than 2xx fails with the server's
   * words.
   */
  Object postForm(String path, Map<String, String> parameters) {
    return exchange("POST", path, "application/x-www-form-urlencoded", form(parameters));
  }

  Object postJson(String path, String json) {
    return exchange("POST", path, "application/json", json);
  }

  Object get(String path) {
    return exchange("GET", path, "", "");
  }

  Object delete(String path) {
    return exchange("DELETE", path, "", "");
  }

  private static boolean isUnset(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private Object exchange(String method, String path, String contentType, String body) {
    return exchange(method, path, contentType, body, "", "");
  }

  private Object exchange(
      String method, String path, String contentType, String body, String header, String value) {
    HttpRequest.Builder request =
        request(path).method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!header.isEmpty()) {
      request.header(header, value);
    }
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    try (HttpClient client = client()) {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new CommandFailed(refusal(response));
      }
      return response.body().isEmpty()
          ? Map.of()
          : JsonTree.parse(new JsonFactory(), response.body());
    } catch (ConnectException e) {
      throw new CommandFailed(
          "nothing answers at " + server() + "; start a server with: skopos server", e);
    } catch (IOException e) {
      throw new CommandFailed(server() + path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  private String server() {
    LocalAccess.Found found = local;
    return found != null ? found.url() : url == null || isUnset(url) ? DEFAULT_URL : url;
  }

  private HttpRequest.Builder request(String path) {
    String server = server();
    URI target =
        URI.create(
            server.endsWith("/") ? server.substring(0, server.length() - 1) + path : server + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(Duration.ofSeconds(timeoutSeconds))
            .header("User-Agent", "skopos-cli");
    if (tenant != null && !tenant.isEmpty()) {
      request.header("X-Scope-OrgID", tenant);
    }
    if (local != null) {
      request.header("Authorization", "Bearer " + local.token());
    } else if (tokenFile != null) {
      request.header("Authorization", "Bearer " + secret(tokenFile));
    } else if (basicAuthFile != null) {
      request.header(
          "Authorization",
          "Basic "
              + Base64.getEncoder()
                  .encodeToString(secret(basicAuthFile).getBytes(StandardCharsets.UTF_8)));
    }
    return request;
  }

  /** As {@link #postForm}, with a header more. */
  Object postForm(String path, Map<String, String> parameters, String header, String value) {
    return exchange(
        "POST", path, "application/x-www-form-urlencoded", form(parameters), header, value);
  }

  /** Listens to a WebSocket until the listener's socket is closed. */
  void listen(String path, Map<String, String> parameters, WebSocket.Listener listener) {
    HttpRequest plain = request(path + "?" + form(parameters)).build();
    URI uri = plain.uri();
    String scheme = uri.getScheme().equals("https") ? "wss" : "ws";
    try (HttpClient client = client()) {
      WebSocket.Builder socket =
          client.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(timeoutSeconds));
      plain.headers().map().forEach((name, values) -> socket.header(name, values.getFirst()));
      URI target = URI.create(scheme + uri.toString().substring(uri.getScheme().length()));
      WebSocket opened = socket.buildAsync(target, listener).get();
      while (!opened.isInputClosed()) {
        Thread.sleep(200);
      }
    } catch (ExecutionException e) {
      throw new CommandFailed(server() + path + ": " + reason(e.getCause()), e);
    } catch (IOException e) {
      throw new CommandFailed(server() + path + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof WebSocketHandshakeException refused
        ? "HTTP " + refused.getResponse().statusCode()
        : cause instanceof ConnectException
            ? "nothing answers there"
            : String.valueOf(cause == null ? null : cause.getMessage());
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private HttpClient client() throws IOException {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(10))
        .sslContext(tls())
        .build();
  }

  /** A session with another server than the command line's own, for those that talk to two. */
  static ServerSession session(
      String url, @Nullable String tenant, @Nullable Path tokenFile, @Nullable Path basicAuthFile) {
    Connection other = new Connection();
    other.url = url;
    other.tenant = tenant;
    other.tokenFile = tokenFile;
    other.basicAuthFile = basicAuthFile;
    other.timeoutSeconds = 120;
    return other.session();
  }

  /** One connection for many requests. Close it. */
  ServerSession session() {
    HttpClient client;
    try {
      client = client();
    } catch (IOException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
    return new ServerSession() {
      @Override
      public HttpResponse<InputStream> send(
          String method, String path, Map<String, String> headers, byte[] body)
          throws IOException, InterruptedException {
        HttpRequest.Builder request =
            request(path).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      }

      @Override
      public String url() {
        return server();
      }

      @Override
      public String tenant() {
        return tenant == null ? "" : tenant;
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private SSLContext tls() throws IOException {
    try {
      TrustManager[] trust = null;
      if (local != null && !local.certificate().isEmpty()) {
        trust =
            new TrustManager[] {
              new ThisCertificate(PemFiles.certificates(Path.of(local.certificate())).getFirst())
            };
      } else if (caFile != null) {
        trust = PemFiles.trustManagers(PemFiles.certificates(caFile));
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certFile == null || keyFile == null
              ? null
              : PemFiles.keyManagers(PemFiles.certificates(certFile), PemFiles.privateKey(keyFile)),
          trust,
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
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
