// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.skopos.metrics.receive.LineListeners;
import io.skopos.metrics.receive.ReceiverSettings;
import io.skopos.web.tls.PemFiles;
import io.skopos.web.tls.TlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphite and OpenTSDB over encrypted sockets, with certificates made by openssl. */
class LineListenersTlsTest {

  /** A second before the test server's now. */
  private static final String SECONDS = "1767323044";

  @TempDir Path directory;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer();
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority"
            + " -keyout ca.key -out ca.pem");
    issue("server");
    issue("agent");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void encryptedLinesAreKeptAndPlainOnesHarmNobody() throws Exception {
    TlsConfig tls = TlsConfig.of(text("server.pem"), text("server.key"));
    try (LineListeners listeners = listeners(tls)) {
      listeners.start();
      int graphite = listeners.tcpPorts().get(0);
      int opentsdb = listeners.tcpPorts().get(1);
      assertThat(encrypted(graphite, null, "g.secret 1 " + SECONDS + "\n")).isEmpty();
      assertThat(encrypted(opentsdb, null, "put o.secret " + SECONDS + " 2 a=b\nversion\n"))
          .contains("Skopos");

      plain(graphite, "g.plain 3 " + SECONDS + "\n");
      plain(opentsdb, "put o.plain " + SECONDS + " 4 a=b\n");
      assertThat(failedHandshakes("graphite")).isEqualTo(1);
      assertThat(failedHandshakes("opentsdb")).isEqualTo(1);

      // Each listener has two connections at most, so a kept one would be missed here.
      for (int i = 0; i < 3; i++) {
        plain(graphite, "g.plain 3 " + SECONDS + "\n");
        plain(opentsdb, "put o.plain " + SECONDS + " 4 a=b\n");
      }
      assertThat(encrypted(graphite, null, "g.after 5 " + SECONDS)).as("no newline").isEmpty();
      assertThat(encrypted(opentsdb, null, "put o.after " + SECONDS + " x a=b\n"))
          .startsWith("put: illegal argument");
      assertThat(export())
          .contains("g.secret", "o.secret", "g.after")
          .doesNotContain("plain", "o.after");
    }
  }

  @Test
  void onlyClientsOfTheAuthorityMaySend() throws Exception {
    TlsConfig tls =
        new TlsConfig(
            text("server.pem"),
            text("server.key"),
            text("ca.pem"),
            TlsConfig.ClientCertificates.REQUIRED);
    try (LineListeners listeners = listeners(tls)) {
      listeners.start();
      for (int port : listeners.tcpPorts()) {
        assertThatThrownBy(() -> encrypted(port, null, "g.unknown 1 " + SECONDS + "\n"))
            .isInstanceOf(IOException.class);
      }
      assertThat(encrypted(listeners.tcpPorts().get(0), "agent", "g.known 1 " + SECONDS + "\n"))
          .isEmpty();
      assertThat(
              encrypted(
                  listeners.tcpPorts().get(1), "agent", "put o.known " + SECONDS + " 1 a=b\n"))
          .isEmpty();
      assertThat(export()).contains("g.known", "o.known").doesNotContain("unknown");
    }
  }

  @Test
  void changedFilesAreReadAgainAndBrokenOnesLeaveTheOldInForce() throws Exception {
    TlsConfig tls = TlsConfig.of(text("server.pem"), text("server.key"));
    try (LineListeners listeners = listeners(tls)) {
      listeners.start();
      assertThat(listeners.files())
          .contains(directory.resolve("server.pem"), directory.resolve("server.key"));
      Certificate first = shown(listeners.tcpPorts().getFirst());
      issue("server");
      listeners.reload();
      Certificate second = shown(listeners.tcpPorts().getFirst());
      assertThat(second).isNotEqualTo(first);
      Files.writeString(directory.resolve("server.key"), "broken");
      assertThatThrownBy(listeners::reload)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("server.key");
      assertThat(shown(listeners.tcpPorts().getFirst())).isEqualTo(second);
    }
    assertThatThrownBy(() -> listeners(TlsConfig.of(text("none.pem"), text("server.key"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.pem");
  }

  private LineListeners listeners(TlsConfig tls) throws IOException {
    List<String> address = List.of("127.0.0.1:0");
    return new LineListeners(
        new ReceiverSettings(
            address, List.of(), address, tls, "anonymous", 2, 1000, Duration.ofSeconds(30)),
        server.intake,
        server.receipts,
        () -> ApiServer.NOW,
        Thread.ofPlatform().daemon().factory(),
        registry);
  }

  private double failedHandshakes(String protocol) {
    return registry.scrape().stream()
        .filter(each -> each.getMetadata().getName().equals("skopos_receive_failed_handshakes"))
        .flatMap(each -> ((CounterSnapshot) each).getDataPoints().stream())
        .filter(point -> protocol.equals(point.getLabels().get("protocol")))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  private SSLSocket connect(int port, @Nullable String client) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        client == null
            ? null
            : PemFiles.keyManagers(
                PemFiles.certificates(directory.resolve(client + ".pem")),
                PemFiles.privateKey(directory.resolve(client + ".key"))),
        PemFiles.trustManagers(PemFiles.certificates(directory.resolve("ca.pem"))),
        null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** Sends all of it and says what was answered until the other side closed. */
  private String encrypted(int port, @Nullable String client, String lines) throws Exception {
    try (SSLSocket socket = connect(port, client)) {
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private Certificate shown(int port) throws Exception {
    try (SSLSocket socket = connect(port, null)) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  /** Sends without encryption and waits until the other side closed. */
  private static void plain(int port, String lines) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(answer.length).as("an alert of TLS at most").isLessThan(20);
    } catch (java.net.SocketException e) {
      // Reset: closed with our lines unread.
    }
  }

  private String export() throws Exception {
    return server.send(server.request("/api/v1/export?match[]=%7B__name__!=%22%22%7D")).body();
  }

  private String text(String name) {
    return directory.resolve(name).toString();
  }

  private void issue(String name) throws Exception {
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%s -addext subjectAltName=IP:127.0.0.1 -keyout %s.key -out %s.csr"
            .formatted(name, name, name));
    openssl(
        "x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out %s.pem"
            .formatted(name, name));
  }

  private void openssl(String arguments) throws Exception {
    Process process =
        new ProcessBuilder(("openssl " + arguments).split(" ", -1))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }
}
