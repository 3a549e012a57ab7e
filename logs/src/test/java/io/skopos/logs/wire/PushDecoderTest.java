// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PushDecoderTest {

  private static final long T = 1_700_000_000_123_456_789L;

  private final Discovery discovery = new Discovery(LogsConfig.DEFAULT);
  private final PushDecoder decoder = new PushDecoder(new Streams());
  private final LogBatch batch = new LogBatch();

  private record Row(Labels stream, long timeNs, String line, Labels metadata) {}

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      rows.add(
          new Row(
              batch.streamLabels(batch.streamOf(row)),
              batch.timeNs(row),
              new String(
                  batch.lineBytes(),
                  batch.lineFrom(row),
                  batch.lineLength(row),
                  StandardCharsets.UTF_8),
              batch.metadata(row)));
    }
    return rows;
  }

  private PushReport decode(PushMessage message) throws MalformedMessage {
    byte[] bytes = message.bytes();
    return decoder.decode(bytes, bytes.length, discovery, batch);
  }

  @Test
  void streamsLinesTimesAndMetadataAreRead() throws Exception {
    PushReport report =
        decode(
            new PushMessage()
                .stream(
                    new PushMessage.Stream()
                        .labels("{env=\"prod\", app=\"api\"}")
                        .entry(T, "level=warn msg=slow")
                        .entry(T + 1, "[ERROR] no", "trace.id", "abc", "k", "v"))
                    .stream(
                        new PushMessage.Stream()
                            .labels("{service_name='x', level=\"WARNING\"}")
                            .entry(-1, "before 1970")));
    assertThat(report.streams()).isEqualTo(2);
    assertThat(report.entries()).isEqualTo(3);
    assertThat(report.message()).isEmpty();
    Labels api = Labels.of("app", "api", "env", "prod", "service_name", "api");
    assertThat(rows())
        .containsExactly(
            new Row(api, T, "level=warn msg=slow", Labels.of("detected_level", "warn")),
            new Row(
                api,
                T + 1,
                "[ERROR] no",
                Labels.of("detected_level", "error", "trace_id", "abc", "k", "v")),
            new Row(
                Labels.of("level", "WARNING", "service_name", "x"),
                -1,
                "before 1970",
                Labels.of("detected_level", "warn")));
  }

  @Test
  void goodStreamsAreKeptBesideBadOnes() throws Exception {
    PushReport report =
        decode(
            new PushMessage()
                .stream(new PushMessage.Stream().labels("{a=}").entry(T, "1").entry(T, "2")).stream(
                    new PushMessage.Stream().labels("{}").entry(T, "3"))
                    .stream(new PushMessage.Stream().entry(T, "4").labels("{a=\"b\"}"))
                    .stream(new PushMessage.Stream().labels("{a=\"b\", a=\"c\"}").entry(T, "5")));
    assertThat(rows()).extracting(Row::line).containsExactly("4");
    assertThat(report.rejectedEntries()).isEqualTo(4);
    assertThat(report.rejectedByKind()).containsEntry(Rejection.LABELS, 4L);
    assertThat(report.message())
        .isEqualTo(
            "Error parsing labels '{a=}' with error: 1:4: parse error: unexpected character: '}' in"
                + " label matching, expected string");
  }

  @Test
  void anyBytesOfALineStayAsTheyAre() throws Exception {
    byte[] line = new byte[256];
    for (int i = 0; i < 256; i++) {
      line[i] = (byte) i;
    }
    decode(new PushMessage().stream(new PushMessage.Stream().labels("{a=\"b\"}").entry(T, line)));
    assertThat(
            Arrays.copyOfRange(
                batch.lineBytes(), batch.lineFrom(0), batch.lineFrom(0) + batch.lineLength(0)))
        .isEqualTo(line);
  }

  @Test
  void invalidUtf8InMetadataBecomesTheReplacementCharacter() throws Exception {
    byte[] bytes =
        new PushMessage()
            .stream(new PushMessage.Stream().labels("{a=\"b\"}").entry(T, "l", "key", "XY"))
                .bytes();
    for (int i = 0; i < bytes.length - 1; i++) {
      if (bytes[i] == 'X' && bytes[i + 1] == 'Y') {
        bytes[i] = (byte) 0xff;
      }
    }
    decoder.decode(bytes, bytes.length, discovery, batch);
    assertThat(batch.metadata(0).get("key")).isEqualTo("\uFFFDY");
  }

  @Test
  void tenThousandStreamsAreTen() throws Exception {
    PushMessage message = new PushMessage();
    for (int i = 0; i < 10_000; i++) {
      message.stream(
          new PushMessage.Stream().labels("{pod=\"p" + i + "\"}").entry(T + i, "line " + i));
    }
    for (int round = 0; round < 2; round++) {
      batch.clear();
      PushReport report = decode(message);
      assertThat(report.streams()).isEqualTo(10_000);
      assertThat(batch.streams()).isEqualTo(10_000);
      assertThat(batch.streamLabels(9_999).get("pod")).isEqualTo("p9999");
    }
  }

  @Test
  void whatIsRememberedIsNotMixedUp() throws Exception {
    Random random = new Random(7);
    List<Row> expected = new ArrayList<>();
    PushMessage message = new PushMessage();
    for (int i = 0; i < 3000; i++) {
      String level = List.of("info", "error", "debug").get(random.nextInt(3));
      String user = "u" + random.nextInt(500);
      String app = "a" + random.nextInt(3);
      boolean own = random.nextInt(4) == 0;
      String labels = own ? "{app=\"" + app + "\", level=\"Trace\"}" : "{app=\"" + app + "\"}";
      message.stream(
          new PushMessage.Stream().labels(labels).entry(i, "level=" + level + " x", "user", user));
      expected.add(
          new Row(
              own
                  ? Labels.of("app", app, "level", "Trace", "service_name", app)
                  : Labels.of("app", app, "service_name", app),
              i,
              "level=" + level + " x",
              Labels.of("user", user, "detected_level", own ? "trace" : level)));
    }
    decode(message);
    assertThat(rows()).isEqualTo(expected);
  }

  @Test
  void discoveryMayBeOff() throws Exception {
    LogsConfig config = Configs.withoutDiscovery();
    byte[] bytes =
        new PushMessage()
            .stream(new PushMessage.Stream().labels("{app=\"b\"}").entry(T, "error: x", "a", "b"))
                .bytes();
    decoder.decode(bytes, bytes.length, discovery, batch);
    decoder.decode(bytes, bytes.length, new Discovery(config), batch);
    assertThat(rows().get(1))
        .isEqualTo(new Row(Labels.of("app", "b"), T, "error: x", Labels.of("a", "b")));
  }

  @Test
  void onlyMalformedMessagesAreThrownWhateverTheBytes() {
    byte[] good =
        new PushMessage()
            .stream(
                    new PushMessage.Stream()
                        .labels("{app=\"b\", x=\"\\u00e4\"}")
                        .entry(T, "level=error x", "trace", "b")
                        .entry(T, "{\"level\":\"info\"}"))
                .bytes();
    Random random = new Random(42);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      batch.clear();
      try {
        decoder.decode(bytes, random.nextInt(bytes.length + 1), discovery, batch);
      } catch (MalformedMessage expected) {
        assertThat(expected).hasMessageStartingWith("malformed push request at byte");
      }
    }
  }
}
