// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.collect.StoredEntries;
import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.http.TestCertificates;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.logs.wire.Discoveries;
import io.skopos.model.TenantId;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syslog over TLS (RFC 5425): counted octets, certificates on both sides; and real senders. */
class SyslogTlsTest {

  @TempDir Path directory;

  private final StoredEntries stored = new StoredEntries();
  private final CollectMetrics metrics = new CollectMetrics(new PrometheusRegistry());
  private TestCertificates certificates;

  @BeforeEach
  void issue() throws Exception {
    certificates = new TestCertificates(directory);
    certificates.issue("server", "ec", "IP:127.0.0.1,DNS:localhost");
    certificates.issue("agent", "ec", "DNS:agent");
  }

  private SyslogListener listener(String settings) throws Exception {
    SyslogListener listener =
        new SyslogListener(
            "syslog",
            SyslogSettings.parse(
                YamlDocument.parse("test", "{listen_address: '127.0.0.1:0', " + settings + "}")
                    .mapping(),
                directory),
            List.of(),
            Stages.NONE,
            () -> new EntryBatches(new TenantId("t"), new Discoveries(_ -> StoredEntries.PLAIN)),
            new Delivery(stored, SourceKind.SYSLOG, metrics),
            InstantSource.system(),
            Thread.ofPlatform().daemon().factory(),
            metrics);
    listener.start();
    return listener;
  }

  private static String tls(String more) {
    return "labels: {job: s}, tls_config: {cert_file: server.pem, key_file: server.key"
        + more
        + "}";
  }

  private static byte[] counted(String... texts) {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      String message = "<13>1 2024-05-01T10:00:00Z host app - - - " + text;
      all.append(message.getBytes(StandardCharsets.UTF_8).length).append(' ').append(message);
    }
    return all.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static SSLSocket connect(SSLContext context, SyslogListener listener) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", listener.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  @Test
  void messagesArriveInWhateverRecordsTheyCome() throws Exception {
    try (SyslogListener listener = listener(tls(""));
        SSLSocket socket = connect(certificates.server("agent"), listener)) {
      byte[] bytes = counted("one\nof two lines", "two", "gr\u00fc\u00dfe", "x".repeat(5000));
      OutputStream out = socket.getOutputStream();
      // Each write is a record of its own; messages cross their borders.
      for (int from = 0; from < bytes.length; from += 37) {
        out.write(bytes, from, Math.min(37, bytes.length - from));
      }
      stored.await(4);
      assertThat(stored.lines())
          .containsExactly("one\nof two lines", "two", "gr\u00fc\u00dfe", "x".repeat(5000));
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void whoSpeaksPlainlyIsRefusedAndHarmsNobody() throws Exception {
    try (SyslogListener listener = listener(tls(""))) {
      try (Socket plain = new Socket("127.0.0.1", listener.port())) {
        plain.setSoTimeout(20_000);
        plain.getOutputStream().write(counted("in the clear"));
        while (plain.getInputStream().read() >= 0) {
          // An alert, and the end.
        }
      } catch (IOException e) {
        // Or a reset: what was sent was not read.
      }
      try (SSLSocket socket = connect(certificates.server("agent"), listener)) {
        socket.getOutputStream().write(counted("secret"));
        stored.await(1);
      }
      assertThat(stored.lines()).containsExactly("secret");
      assertThat(metrics.failedHandshakes.get()).isEqualTo(1);
    }
  }

  @Test
  void onlyClientsOfTheAuthorityMaySend() throws Exception {
    try (SyslogListener listener = listener(tls(", ca_file: ca.pem"))) {
      // Trusts our authority, and shows nothing.
      SSLContext stranger = certificates.server(null);
      assertThatThrownBy(
              () -> {
                try (SSLSocket socket = connect(stranger, listener)) {
                  socket.getOutputStream().write(counted("of a stranger"));
                  socket.getInputStream().read();
                }
              })
          .isInstanceOf(IOException.class);
      try (SSLSocket socket = connect(certificates.server("agent"), listener)) {
        socket.getOutputStream().write(counted("of a friend"));
        stored.await(1);
      }
      assertThat(stored.lines()).containsExactly("of a friend");
    }
  }

  @Test
  void opensslSends() throws Exception {
    try (SyslogListener listener = listener(tls(", ca_file: ca.pem"))) {
      Process process =
          new ProcessBuilder(
                  ("openssl s_client -quiet -verify_return_error -CAfile ca.pem -cert agent.pem"
                          + " -key agent.key -connect 127.0.0.1:"
                          + listener.port())
                      .split(" ", -1))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("openssl.log").toFile())
              .start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(counted("of openssl", "and more"));
        in.flush();
        stored.await(2);
      } finally {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
      assertThat(stored.lines()).containsExactly("of openssl", "and more");
    }
  }

  /** The sender that Debian has; it knows no TLS. */
  @Test
  void loggerSends() throws Exception {
    assumeTrue(new File("/usr/bin/logger").canExecute(), "there is no /usr/bin/logger");
    try (SyslogListener tcp = listener("labels: {job: s}");
        SyslogListener udp = listener("labels: {job: s}, listen_protocol: udp");
        SyslogListener old =
            listener("labels: {job: s}, listen_protocol: udp, syslog_format: rfc3164")) {
      logger(tcp, "--tcp", "--octet-count", "counted");
      stored.await(1);
      logger(tcp, "--tcp", "in lines");
      stored.await(2);
      logger(udp, "--udp", "in a datagram");
      stored.await(3);
      logger(old, "--udp", "--rfc3164", "of old");
      stored.await(4);
      assertThat(stored.lines()).containsExactly("counted", "in lines", "in a datagram", "of old");
      assertThat(metrics.malformed.labelValues("syslog").get()).isZero();
    }
  }

  private void logger(SyslogListener listener, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "/usr/bin/logger",
            "--server",
            "127.0.0.1",
            "--port",
            Integer.toString(listener.port()),
            "--tag",
            "tester");
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
