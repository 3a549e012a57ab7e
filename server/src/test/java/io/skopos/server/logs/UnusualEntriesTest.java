// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.config.ConfigLoader;
import io.skopos.server.tenants.TenantRequests;
import io.skopos.storage.BucketUse;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/**
 * Entries that nobody means to send and somebody will, against a real server with its limits: each
 * has an answer that is documented (docs/guide/send-logs.md), in memory, in parts and after a
 * restart.
 */
class UnusualEntriesTest {

  private static final long SECOND = 1_000_000_000L;

  @TempDir Path directory;

  private SkoposServer start(String more) throws Exception {
    Path config = directory.resolve("skopos.yml");
    Files.writeString(
        config,
        """
        web: {listen: ["127.0.0.1:0"]}
        collect: {enabled: false}
        host_metrics: {enabled: false}
        self_monitoring: {enabled: false}
        """
            + more);
    return SkoposServer.start(
        new ServerOptions(
            directory.resolve("data"),
            BucketUse.Mode.OWN,
            Map.of(),
            () -> ConfigLoader.load(config, Map.of())));
  }

  @Test
  void aLineOfTenMegabytesIsRefusedByDefaultAndTheRestKept() throws Exception {
    byte[] huge = "x".repeat(10 << 20).getBytes(StandardCharsets.US_ASCII);
    long now = Instant.now().getEpochSecond() * SECOND;
    Push push = new Push().stream("{app=\"huge\"}").entry(now, "before").entry(now + 1, huge);
    try (SkoposServer server = start("")) {
      assertThat(send(server, push.entry(now + 2, "after")))
          .startsWith("400")
          .contains("10485760")
          .contains("logs.max_line");
      assertThat(range(server, "{app=\"huge\"}", now, now + 10))
          .contains("before", "after")
          .doesNotContain("xxx");
    }
  }

  @Test
  void linesOfTenMegabytesAreKeptByteForByteWhereTheyAreAllowed() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 10 << 20; i++) {
      text.append("word").append(i * 7919L).append(i % 13 == 0 ? "\t{\"a\": " : " ");
    }
    String huge = text.toString();
    long now = Instant.now().getEpochSecond() * SECOND;
    Push push = new Push().stream("{app=\"huge\"}").entry(now, huge).entry(now + 1, huge + "!");
    String all = "{app=\"huge\"}";
    String config = "logs: {max_line: 0}\n";
    try (SkoposServer server = start(config)) {
      assertThat(send(server, push)).isEqualTo("204 ");
      assertThat(line(range(server, all + " |= `!`", now, now + 10))).isEqualTo(huge + "!");
      assertThat(flush(server)).startsWith("200");
      assertThat(line(range(server, all + " != `!`", now, now + 10))).isEqualTo(huge);
    }
    try (SkoposServer server = start(config)) {
      assertThat(line(range(server, all + " |= `!`", now, now + 10))).isEqualTo(huge + "!");
      assertThat(instant(server, "sum(bytes_over_time({app=\"huge\"}[1h]))", now / SECOND + 60))
          .contains("\"" + (2L * huge.length() + 1) + "\"");
    }
  }

  @Test
  void nulAndInvalidUtf8AreKeptAndShownAsReplacements() throws Exception {
    long now = Instant.now().getEpochSecond() * SECOND;
    byte[] odd = {'a', 0, 'b', (byte) 0xff, (byte) 0xc3, 'c', (byte) 0xed, (byte) 0xa0, 'd'};
    Push push = new Push().stream("{app=\"odd\"}").entry(now, odd).entry(now + 1, "a\0b");
    try (SkoposServer server = start("")) {
      assertThat(send(server, push)).isEqualTo("204 ");
      for (int round = 0; round < 2; round++) {
        String both = range(server, "{app=\"odd\"} |= \"a\\x00b\"", now, now + 10);
        assertThat(both).contains("a\\u0000b\ufffd\ufffdc\ufffd").contains("\"a\\u0000b\"");
        assertThat(instant(server, "sum(bytes_over_time({app=\"odd\"}[1h]))", now / SECOND + 60))
            .contains("\"12\"");
        assertThat(flush(server)).startsWith("200");
      }
      assertThat(send(server, new Push().stream("{app=\"a\\x00b\"}").entry(now, "l")))
          .startsWith("204");
      assertThat(send(server, new Push().stream("{app=\"odd\", \"b\0\"=\"c\"}").entry(now, "l")))
          .startsWith("400");
    }
  }

  @Test
  void tenThousandStreamsInOnePushAreTakenOrCountedAgainstTheLimit() throws Exception {
    long now = Instant.now().getEpochSecond() * SECOND;
    Push push = new Push();
    for (int i = 0; i < 10_000; i++) {
      push.stream("{app=\"many\", pod=\"p" + i + "\"}").entry(now + i, "line " + i);
    }
    String count = "count(sum by (pod) (count_over_time({app=\"many\"}[1h])))";
    try (SkoposServer server = start("overrides: {small: {logs: {streams: 100}}}\n")) {
      assertThat(send(server, push)).isEqualTo("204 ");
      assertThat(instant(server, count, now / SECOND + 60)).contains("\"10000\"");
      assertThat(flush(server)).startsWith("200");
      assertThat(instant(server, count, now / SECOND + 60)).contains("\"10000\"");
      assertThat(send(server, "small", push)).startsWith("429").contains("logs.streams");
      assertThat(instant(server, "small", count, now / SECOND + 60)).contains("\"100\"");
    }
  }

  @Test
  void theSameEntryTwiceIsOneWhereverTheOtherLies() throws Exception {
    long now = Instant.now().getEpochSecond() * SECOND;
    Push push =
        new Push()
            .stream("{app=\"twice\"}")
                .entry(now, "same")
                .entry(now, "same")
                .entry(now, "other")
                .stream("{app=\"twice\"}")
                .entry(now, "same");
    String count = "sum(count_over_time({app=\"twice\"}[1h]))";
    try (SkoposServer server = start("")) {
      for (int round = 0; round < 3; round++) {
        assertThat(send(server, push)).isEqualTo("204 ");
        assertThat(instant(server, count, now / SECOND + 60)).contains("\"2\"");
        assertThat(flush(server)).startsWith("200");
        assertThat(instant(server, count, now / SECOND + 60)).contains("\"2\"");
      }
    }
    try (SkoposServer server = start("")) {
      assertThat(instant(server, count, now / SECOND + 60)).contains("\"2\"");
    }
  }

  @Test
  void anyYearIsFineButTheFutureBeyondItsTolerance() throws Exception {
    long now = Instant.now().getEpochSecond() * SECOND;
    long in1970 = 12 * SECOND + 345;
    long in2099 = Instant.parse("2099-12-31T23:59:59.999999999Z").getEpochSecond() * SECOND + 7;
    Push push =
        new Push()
            .stream("{app=\"ages\"}")
                .entry(in1970, "first")
                .entry(now, "now")
                .entry(now + 3600 * SECOND, "soon")
                .entry(in2099, "last");
    try (SkoposServer server = start("")) {
      assertThat(send(server, push))
          .startsWith("400")
          .contains("too new", "intake.future_tolerance");
      assertThat(range(server, "{app=\"ages\"}", 0, in2099 + 1))
          .contains("\"" + in1970 + "\",\"first\"", "now", "soon")
          .doesNotContain("last");
    }
    try (SkoposServer server = start("intake: {future_tolerance: 36500d}\n")) {
      assertThat(send(server, push)).isEqualTo("204 ");
      assertThat(flush(server)).startsWith("200");
      assertThat(range(server, "{app=\"ages\"}", 0, in2099 + 1))
          .contains("\"" + in1970 + "\",\"first\"", "\"" + in2099 + "\",\"last\"");
    }
    try (SkoposServer server = start("")) {
      assertThat(range(server, "{app=\"ages\"} |= `last`", in2099, in2099 + 1)).contains("last");
      assertThat(range(server, "{app=\"ages\"} |= `first`", in1970, in1970 + 1)).contains("first");
    }
  }

  // ---- a shipper and a reader

  /** Loki's push message, written by hand: bytes that no library would send. */
  private static final class Push {

    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private ByteArrayOutputStream stream = new ByteArrayOutputStream();

    Push stream(String labels) {
      end();
      field(stream, 1, labels.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    Push entry(long timeNs, String line) {
      return entry(timeNs, line.getBytes(StandardCharsets.UTF_8));
    }

    Push entry(long timeNs, byte[] line) {
      ByteArrayOutputStream time = new ByteArrayOutputStream();
      time.write(1 << 3);
      varint(time, Math.floorDiv(timeNs, SECOND));
      time.write(2 << 3);
      varint(time, Math.floorMod(timeNs, SECOND));
      ByteArrayOutputStream entry = new ByteArrayOutputStream();
      field(entry, 1, time.toByteArray());
      field(entry, 2, line);
      field(stream, 2, entry.toByteArray());
      return this;
    }

    private void end() {
      if (stream.size() > 0) {
        field(whole, 1, stream.toByteArray());
        stream = new ByteArrayOutputStream();
      }
    }

    byte[] bytes() {
      end();
      return whole.toByteArray();
    }

    private static void field(ByteArrayOutputStream into, int number, byte[] value) {
      into.write(number << 3 | 2);
      varint(into, value.length);
      into.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream into, long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        into.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      into.write((int) rest);
    }
  }

  private static String send(SkoposServer server, Push push) throws Exception {
    return send(server, "anonymous", push);
  }

  private static String send(SkoposServer server, String tenant, Push push) throws Exception {
    return TenantRequests.exchange(
        server,
        tenant,
        "/loki/api/v1/push",
        HttpRequest.newBuilder()
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Snappy.compress(push.bytes()))));
  }

  private static String flush(SkoposServer server) throws Exception {
    return TenantRequests.exchange(
        server,
        "anonymous",
        "/-/flush",
        HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()));
  }

  private static String range(SkoposServer server, String logql, long fromNs, long toNs)
      throws Exception {
    return TenantRequests.exchange(
        server,
        "anonymous",
        "/loki/api/v1/query_range?limit=100&start="
            + fromNs
            + "&end="
            + toNs
            + "&query="
            + URLEncoder.encode(logql, StandardCharsets.UTF_8),
        HttpRequest.newBuilder());
  }

  private static String instant(SkoposServer server, String logql, long atSeconds)
      throws Exception {
    return instant(server, "anonymous", logql, atSeconds);
  }

  private static String instant(SkoposServer server, String tenant, String logql, long atSeconds)
      throws Exception {
    return TenantRequests.exchange(
        server,
        tenant,
        "/loki/api/v1/query?time="
            + atSeconds
            + "&query="
            + URLEncoder.encode(logql, StandardCharsets.UTF_8),
        HttpRequest.newBuilder());
  }

  /** The only line of an answer. */
  private static String line(String answer) {
    assertThat(answer).startsWith("200");
    int from = answer.indexOf("\",\"", answer.indexOf("\"values\":[[")) + 3;
    int to = answer.indexOf("\"]", from);
    return answer.substring(from, to).replace("\\t", "\t").replace("\\\"", "\"");
  }
}
