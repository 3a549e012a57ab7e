// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.ingest.yaml.YamlMapping;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpClientTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  private final HttpThreads threads = new HttpThreads(Thread.ofVirtual().factory());

  @AfterEach
  void stop() {
    threads.close();
  }

  private HttpSettings settings(String yaml) throws Exception {
    YamlMapping mapping = YamlDocument.parse("http.yml", yaml).mapping();
    HttpSettings settings = HttpSettings.parse(mapping, directory, new Notices());
    mapping.done();
    return settings;
  }

  private HttpClient client(String yaml, Map<String, String> environment) throws Exception {
    return new HttpClient(settings(yaml), threads, "Skopos/test", null, environment);
  }

  private String get(String yaml, URI url) throws Exception {
    try (HttpClient client = client(yaml, Map.of())) {
      return text(client, url);
    }
  }

  private static String text(HttpClient client, URI url) throws Exception {
    return new String(
        client.get(url, Map.of(), Deadline.in(LONG), 1 << 20), StandardCharsets.UTF_8);
  }

  @Test
  void connectionsAreKeptAndBodiesOfAnyFramingAreRead() throws Exception {
    try (LocalServer server =
            new LocalServer((seen, exchange) -> {
              if (seen.uri().getPath().equals("/chunked")) {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 3; i++) {
                  exchange.getResponseBody().write(("part" + i + ";").getBytes());
                  exchange.getResponseBody().flush();
                }
              } else {
                LocalServer.send(exchange, 200, "text/plain", "x".repeat(100_000));
              }
            });
        HttpClient client = client("{}", Map.of())) {
      assertThat(text(client, server.url("/chunked?a=b%20c"))).isEqualTo("part0;part1;part2;");
      assertThat(text(client, server.url("/sized"))).hasSize(100_000);
      assertThat(server.seen().getFirst().uri().toString()).isEqualTo("/chunked?a=b%20c");
      assertThat(server.seen()).extracting(LocalServer.Seen::clientPort).hasSize(2);
      assertThat(server.seen().get(0).clientPort()).isEqualTo(server.seen().get(1).clientPort());
      assertThatThrownBy(() -> client.get(server.url("/sized"), Map.of(), Deadline.in(LONG), 1000))
          .isInstanceOf(FetchFailure.class)
          .hasMessage("the answer has more than 1000 bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\n: nameless\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 2",
        "",
      })
  void answersThatAreNotHttpAreFailures(String answer) throws Exception {
    try (ServerSocket server = raw(answer)) {
      assertThatThrownBy(
              () -> get("{}", URI.create("http://127.0.0.1:" + server.getLocalPort() + "/")))
          .isInstanceOf(FetchFailure.class);
    }
  }

  @Test
  void oldServersEndTheBodyByClosing() throws Exception {
    try (ServerSocket server = raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\n\nall of it")) {
      assertThat(get("{}", URI.create("http://127.0.0.1:" + server.getLocalPort() + "/")))
          .isEqualTo("all of it");
    }
  }

  /** Answers every connection with these bytes and closes it. */
  private static ServerSocket raw(String answer) throws IOException {
    ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!server.isClosed()) {
            try (Socket client = server.accept()) {
              byte[] buffer = new byte[4096];
              if (client.getInputStream().read(buffer) > 0) {
                OutputStream out = client.getOutputStream();
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
              }
            } catch (IOException e) {
              // Closed.
            }
          }
        });
    return server;
  }

  @Test
  void deadlinesAndInterruptionsEndWhatHangs() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (LocalServer server =
            new LocalServer((seen, exchange) -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
        HttpClient client = client("{}", Map.of())) {
      assertThatThrownBy(() ->
              client.get(server.url("/"), Map.of(), Deadline.in(Duration.ofMillis(100)), 1000))
          .isInstanceOf(FetchFailure.class)
          .hasMessage("no complete answer within the timeout of 100 ms");
      for (Thread.Builder builder : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiting =
            builder.start(() -> {
              try {
                client.get(server.url("/"), Map.of(), Deadline.in(LONG), 1000);
              } catch (InterruptedException e) {
                interrupted.countDown();
              } catch (FetchFailure e) {
                throw new AssertionError(e);
              }
            });
        int before = server.seen().size();
        while (server.seen().size() == before) {
          Thread.onSpinWait();
        }
        waiting.interrupt();
        interrupted.await();
      }
    } finally {
      never.countDown();
    }
  }

  @Test
  void headersComeFromValuesSecretsAndFiles() throws Exception {
    Files.writeString(directory.resolve("header"), "from file\n");
    try (LocalServer server =
        new LocalServer((seen, exchange) -> LocalServer.send(exchange, 200, "a/b", "ok"))) {
      get(
          "{http_headers: {X-Many: {values: [a, b], secrets: [c], files: [header]}}}",
          server.url("/"));
      assertThat(server.seen().getFirst().headers().get("X-Many"))
          .containsExactlyInAnyOrder("a", "b", "c", "from file");
    }
    assertThatThrownBy(() -> settings("{http_headers: {Host: {values: [x]}}}"))
        .hasMessageContaining("the header 'Host' is the client's own");
    assertThat(settings("{http_headers: {X: {secrets: [geheim]}}}").toString())
        .doesNotContain("geheim");
  }

  @Test
  void tokensAreFetchedKeptAndRenewed() throws Exception {
    AtomicInteger issued = new AtomicInteger();
    AtomicInteger lifetime = new AtomicInteger(3600);
    Files.writeString(directory.resolve("secret"), "s p\n");
    try (LocalServer tokens =
            new LocalServer((seen, exchange) -> {
              boolean basic = seen.headers().getFirst("Authorization") != null;
              if (seen.uri().getPath().equals("/params") && basic) {
                LocalServer.send(exchange, 401, "text/plain", "no");
                return;
              }
              LocalServer.json(
                  exchange,
                  "{\"access_token\":\"t%d\",\"token_type\":\"bearer\",\"expires_in\":%d}"
                      .formatted(issued.incrementAndGet(), lifetime.get()));
            });
        LocalServer target =
            new LocalServer((seen, exchange) -> {
              boolean revoked = "Bearer t2".equals(seen.headers().getFirst("Authorization"));
              LocalServer.send(exchange, revoked ? 401 : 200, "text/plain", "x");
            })) {
      String yaml =
          "{oauth2: {client_id: 'i:d', client_secret_file: secret, token_url: '%s', scopes: [a, b],"
              + " endpoint_params: {audience: me}}}";
      try (HttpClient client = client(yaml.formatted(tokens.url("/token")), Map.of())) {
        text(client, target.url("/"));
        text(client, target.url("/"));
        assertThat(issued).hasValue(1);
        LocalServer.Seen asked = tokens.seen().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.body()).isEqualTo("audience=me&grant_type=client_credentials&scope=a+b");
        assertThat(asked.headers().getFirst("Authorization")).isEqualTo("Basic aSUzQWQ6cytw");
        assertThat(target.seen().getLast().headers().getFirst("Authorization"))
            .isEqualTo("Bearer t1");
      }
      lifetime.set(5);
      try (HttpClient client = client(yaml.formatted(tokens.url("/params")), Map.of())) {
        assertThatThrownBy(() -> text(client, target.url("/"))).hasMessageContaining("401");
        text(client, target.url("/"));
        assertThat(tokens.seen().getLast().body()).contains("client_id=i%3Ad", "client_secret=s+p");
        // Shorter than the margin before its end: never kept.
        text(client, target.url("/"));
        assertThat(issued).hasValue(4);
      }
      assertThatThrownBy(() -> get(yaml.formatted("http://127.0.0.1:1/t"), target.url("/")))
          .hasMessageContaining("no OAuth2 token: cannot connect to 127.0.0.1:1")
          .hasMessageNotContaining("s p");
    }
  }

  @Test
  void proxiesForwardTunnelAndSpeakSocks() throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.issue("target.example", "ec", "DNS:target.example");
    try (LocalServer plain =
            new LocalServer((seen, exchange) -> LocalServer.send(exchange, 200, "a/b", "plain"));
        LocalServer secure =
            new LocalServer(
                (seen, exchange) -> LocalServer.send(exchange, 200, "a/b", "secure"),
                certificates.server("target.example"));
        TestProxy toPlain = new TestProxy(plain.port());
        TestProxy toSecure = new TestProxy(secure.port())) {
      assertThat(
              get(
                  "{proxy_url: 'http://me:p%%40ss@127.0.0.1:%d'}".formatted(toPlain.port()),
                  URI.create("http://nowhere.example/path?q=1")))
          .isEqualTo("plain");
      assertThat(toPlain.heads.getFirst())
          .startsWith("GET http://nowhere.example/path?q=1 HTTP/1.1\r\nHost: nowhere.example\r\n")
          .contains("Proxy-Authorization: Basic bWU6cEBzcw==\r\n");
      String secureYaml =
          "{proxy_url: 'http://me:x@127.0.0.1:%d', proxy_connect_header: {X-Tunnel: [one, two]},"
              + " tls_config: {ca_file: ca.pem}}";
      assertThat(get(secureYaml.formatted(toSecure.port()), URI.create("https://target.example/p")))
          .isEqualTo("secure");
      assertThat(toSecure.heads.getFirst())
          .startsWith("CONNECT target.example:443 HTTP/1.1\r\nHost: target.example:443\r\n")
          .contains("X-Tunnel: one\r\nX-Tunnel: two\r\n")
          .contains("Proxy-Authorization: Basic bWU6eA==\r\n");
      assertThat(
              get(
                  "{proxy_url: 'socks5://me:p%%40ss@127.0.0.1:%d', tls_config: {ca_file: ca.pem}}"
                      .formatted(toSecure.port()),
                  URI.create("https://target.example:8443/")))
          .isEqualTo("secure");
      assertThat(toSecure.heads.getLast()).isEqualTo("SOCKS target.example:8443");
      toSecure.refuses = true;
      assertThatThrownBy(() ->
              get(secureYaml.formatted(toSecure.port()), URI.create("https://target.example/")))
          .hasMessage(
              "the proxy answered the request for a tunnel to target.example:443 with status 407");
      try (HttpClient client =
          client(
              "{proxy_from_environment: true}",
              Map.of("http_proxy", "127.0.0.1:" + toPlain.port(), "NO_PROXY", "direct.example"))) {
        assertThat(text(client, URI.create("http://far.example/"))).isEqualTo("plain");
        assertThat(toPlain.heads.getLast()).startsWith("GET http://far.example/ ");
        int before = toPlain.heads.size();
        assertThat(text(client, plain.url("/"))).isEqualTo("plain");
        assertThat(toPlain.heads).hasSize(before);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*|http://x/|true",
        "example.com|http://example.com/|true",
        "example.com|http://a.example.com/|true",
        "example.com|http://notexample.com/|false",
        ".example.com|http://example.com/|false",
        ".example.com|http://a.example.com/|true",
        "*.example.com|http://a.example.com/|true",
        "example.com:8080|http://example.com:8080/|true",
        "example.com:8080|http://example.com/|false",
        "10.0.0.0/8|http://10.1.2.3/|true",
        "10.0.0.0/8|http://11.1.2.3/|false",
        "10.0.0.1|http://10.0.0.1:9100/|true",
        "2001:db8::/32|http://[2001:db8::7]/|true",
        "[2001:db8::7]:80|http://[2001:db8::7]/|true",
        "nothing|http://localhost:9090/|true",
        "nothing|http://127.0.0.5/|true",
        "a, b|https://b/|true",
      })
  void noProxyIsReadAsGoDoes(String noProxy, String url, boolean straight) throws Exception {
    ProxySettings settings =
        settings("{proxy_url: 'http://p:1', no_proxy: '" + noProxy + "'}").proxy();
    URI chosen = new ProxyChoice(settings, Map.of()).of(URI.create(url));
    assertThat(chosen == null).isEqualTo(straight);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{proxy_from_environment: true, proxy_url: 'http://x'}",
        "{no_proxy: x}",
        "{proxy_connect_header: {a: [b]}}",
        "{proxy_url: 'ftp://x'}",
        "{oauth2: {client_id: x}}",
        "{oauth2: {client_id: x, token_url: 'nothing'}}",
        "{oauth2: {client_id: x, token_url: 'http://x'}, bearer_token: y}",
        "{tls_config: {cert_file: x}}",
        "{tls_config: {ca: x, ca_file: y}}",
        "{tls_config: {min_version: TLS14}}",
        "{tls_config: {min_version: TLS13, max_version: TLS12}}",
      })
  void contradictionsAreRefused(String yaml) {
    assertThatThrownBy(() -> settings(yaml)).isInstanceOf(ConfigException.class);
  }

  @Test
  void tlsChecksNamesVersionsAndShowsCertificates() throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.issue("server.example", "rsa", "DNS:server.example");
    certificates.issue("other.example", "ec", "DNS:other.example");
    certificates.issue("client", "rsa", "DNS:client");
    certificates.issue("curve", "ec", "DNS:curve");
    try (LocalServer server =
        new LocalServer(
            (seen, exchange) -> LocalServer.send(exchange, 200, "a/b", shown(exchange)),
            certificates.server("server.example"))) {
      URI url = server.url("/");
      assertThat(get("{tls_config: {ca_file: ca.pem, server_name: server.example}}", url))
          .isEqualTo("secure");
      String ca = certificates.text("ca.pem").replace("\n", "\\n");
      assertThat(
              get(
                  "{tls_config: {ca: \"%s\", server_name: server.example, max_version: TLS12}}"
                      .formatted(ca),
                  url))
          .isEqualTo("secure");
      assertThat(get("{tls_config: {insecure_skip_verify: true}}", url)).isEqualTo("secure");
      for (String bad :
          List.of(
              "{}",
              "{tls_config: {ca_file: ca.pem}}",
              "{tls_config: {ca_file: ca.pem, server_name: other.example}}")) {
        assertThatThrownBy(() -> get(bad, url))
            .isInstanceOf(FetchFailure.class)
            .hasMessageStartingWith("TLS with 127.0.0.1:" + server.port() + " failed: ");
      }
      for (String key : List.of("client.key", "client.old.key")) {
        assertThat(
                get(
                    "{tls_config: {ca_file: ca.pem, server_name: server.example, cert_file:"
                        + " client.pem, key_file: "
                        + key
                        + "}}",
                    url))
            .isEqualTo("CN=client");
      }
      assertThat(
              ((ECPrivateKey) PemText.privateKey(certificates.text("curve.old.key"), "x")).getS())
          .isEqualTo(
              ((ECPrivateKey) PemText.privateKey(certificates.text("curve.key"), "x")).getS());
      assertThat(PemText.privateKey(certificates.text("client.old.key"), "client"))
          .isEqualTo(PemText.privateKey(certificates.text("client.key"), "client"));
    }
  }

  private static String shown(HttpExchange exchange) {
    try {
      return ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "secure";
    }
  }

  @Test
  void anAuthorityThatIsReplacedCountsFromTheNextConnectionOn() throws Exception {
    Path one = Files.createDirectory(directory.resolve("one"));
    Path two = Files.createDirectory(directory.resolve("two"));
    TestCertificates first = new TestCertificates(one);
    TestCertificates second = new TestCertificates(two);
    second.issue("server.example", "ec", "DNS:server.example");
    Path ca = Files.copy(first.file("ca.pem"), directory.resolve("ca.pem"));
    try (LocalServer server =
            new LocalServer(
                (seen, exchange) -> LocalServer.send(exchange, 200, "a/b", "secure"),
                second.server("server.example"));
        HttpClient client =
            client("{tls_config: {ca_file: ca.pem, server_name: server.example}}", Map.of())) {
      assertThatThrownBy(() -> text(client, server.url("/"))).isInstanceOf(FetchFailure.class);
      Files.copy(second.file("ca.pem"), ca, StandardCopyOption.REPLACE_EXISTING);
      Files.setLastModifiedTime(ca, FileTime.fromMillis(1));
      assertThat(text(client, server.url("/"))).isEqualTo("secure");
    }
  }
}
