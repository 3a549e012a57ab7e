// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.collect.StoredEntries;
import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.relabel.RelabelAction;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.logs.wire.Discoveries;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.WriteUnavailable;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyslogListenerTest {

  private final StoredEntries stored = new StoredEntries();
  private final CollectMetrics metrics = new CollectMetrics(new PrometheusRegistry());

  private SyslogListener listener(String settings) throws Exception {
    List<RelabelRule> rules =
        List.of(
            rule("__syslog_message_hostname", "host"),
            rule("__syslog_message_severity", "severity"),
            rule("__syslog_message_app_name", "app"),
            rule("__syslog_message_sd_x_1_user", "user"),
            rule("__syslog_connection_ip_address", "ip"));
    SyslogListener listener =
        new SyslogListener(
            "syslog",
            SyslogSettings.parse(
                YamlDocument.parse(
                        "test",
                        "{listen_address: '127.0.0.1:0', labels: {job: s}, " + settings + "}")
                    .mapping(),
                Path.of("/")),
            rules,
            Stages.NONE,
            () -> new EntryBatches(new TenantId("t"), new Discoveries(_ -> StoredEntries.PLAIN)),
            new Delivery(stored, SourceKind.SYSLOG, metrics),
            InstantSource.system(),
            Thread.ofPlatform().daemon().factory(),
            metrics);
    listener.start();
    return listener;
  }

  private static RelabelRule rule(String source, String target) {
    return new RelabelRule(List.of(source), ";", "(.*)", 0, target, "$1", RelabelAction.REPLACE);
  }

  @Test
  void bothFramingsOverOneConnection() throws Exception {
    String first =
        "<34>1 2024-05-01T10:00:00.5Z web1 app 12 ID [x@1 user=\"a\\\"b\"] of\ntwo lines";
    try (SyslogListener listener =
            listener(
                "use_incoming_timestamp: true, label_structured_data: true, structured_metadata: true");
        Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket
          .getOutputStream()
          .write(
              (first.length()
                      + " "
                      + first
                      + "<13>1 - - - - - - \uFEFFbare\nnot syslog\n"
                      + "<14>1 - web2 - - - -\n")
                  .getBytes(StandardCharsets.UTF_8));
      List<StoredEntries.Stored> all = stored.await(3);
      assertThat((Object) all.getFirst().stream())
          .isEqualTo(
              Labels.of(
                  "job", "s",
                  "host", "web1",
                  "severity", "critical",
                  "app", "app",
                  "user", "a\"b",
                  "ip", "127.0.0.1"));
      assertThat(all.getFirst().line()).isEqualTo("of\ntwo lines");
      assertThat(all.getFirst().timeNs())
          .isEqualTo(Instant.parse("2024-05-01T10:00:00.5Z").toEpochMilli() * 1_000_000L);
      assertThat((Object) all.getFirst().metadata()).isEqualTo(Labels.of("x_1_user", "a\"b"));
      assertThat(all.get(1).line()).isEqualTo("bare");
      assertThat(all.get(2).line()).isEmpty();
      assertThat(metrics.malformed.labelValues("syslog").get()).isEqualTo(1);
      assertThat(listener.problem()).contains("RFC 5424");
    }
  }

  @Test
  void datagramsOfTheOlderForm() throws Exception {
    try (SyslogListener listener = listener("listen_protocol: udp, syslog_format: rfc3164");
        DatagramSocket socket = new DatagramSocket()) {
      for (String text :
          List.of(
              "<30>May  1 10:00:00 router sshd[12]: opened\n",
              "<11>May 11 10:00:00 switch link down",
              "just text")) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int before = stored.lines().size();
        socket.send(
            new DatagramPacket(
                bytes, bytes.length, InetAddress.getLoopbackAddress(), listener.port()));
        stored.await(before + 1);
      }
      assertThat(stored.lines()).containsExactly("opened", "link down", "just text");
      assertThat((Object) stored.await(3).getFirst().stream())
          .isEqualTo(
              Labels.of(
                  "job", "s",
                  "host", "router",
                  "app", "sshd",
                  "severity", "informational",
                  "ip", "127.0.0.1"));
    }
  }

  @Test
  void messagesWaitForTheStoreAndLongOnesAreCut() throws Exception {
    stored.refuse(_ -> new WriteUnavailable("full", null));
    try (SyslogListener listener = listener("max_message_length: 100");
        Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket
          .getOutputStream()
          .write(
              ("<13>1 - - - - - - " + "x".repeat(500) + "\n<13>1 - - - - - - short\n")
                  .getBytes(StandardCharsets.UTF_8));
      stored.awaitRefusals(1);
      stored.refuse(_ -> null);
      stored.await(2);
      assertThat(stored.lines()).containsExactly("x".repeat(82), "short");
    }
  }

  @Test
  void connectionsAreBounded() throws Exception {
    try (SyslogListener listener = listener("max_connections: 1");
        Socket first = new Socket("127.0.0.1", listener.port())) {
      first.getOutputStream().write("<13>1 - - - - - - one\n".getBytes(StandardCharsets.UTF_8));
      stored.await(1);
      try (Socket second = new Socket("127.0.0.1", listener.port())) {
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(metrics.refusedConnections.get()).isEqualTo(1);
    }
  }

  @Test
  void messagesOfRfc3164InTheirVariants() throws Exception {
    long now = Instant.parse("2024-01-01T12:00:00Z").toEpochMilli();
    SyslogMessage old = parse("<165>Dec 31 23:59:58 host app: text", now);
    assertThat(old.timeNs())
        .isEqualTo(Instant.parse("2023-12-31T23:59:58Z").toEpochMilli() * 1_000_000L);
    assertThat(old.facilityWord()).isEqualTo("local4");
    SyslogMessage iso = parse("<165>2024-01-01T10:00:00+01:00 host app[7]: text", now);
    assertThat(iso.timeNs())
        .isEqualTo(Instant.parse("2024-01-01T09:00:00Z").toEpochMilli() * 1_000_000L);
    assertThat(iso.procId()).isEqualTo("7");
    SyslogMessage bare = parse("<4>kernel message without anything", now);
    assertThat(bare.text()).isEqualTo("kernel message without anything");
    SyslogMessage none = parse("Jan  1 10:00:00 tag: no host", now);
    assertThat(List.of(none.hostname(), none.appName(), none.text()))
        .containsExactly("", "tag", "no host");
    assertThat(none.structuredData()).isEqualTo(Map.of());
  }

  private static SyslogMessage parse(String text, long nowMs) throws SyslogMessage.Malformed {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return SyslogMessage.parse(bytes, bytes.length, nowMs, ZoneOffset.UTC, true);
  }
}
