// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.web.wire.MalformedMessage;
import java.util.List;
import java.util.Map;

/** Whatever the bytes are, the decoders refuse them or yield entries with canonical labels. */
class LogDecodersFuzzTest {

  private static final Discovery DISCOVERY = new Discovery(LogsConfig.DEFAULT);

  @FuzzTest(maxDuration = "10s")
  void anyProtobuf(byte[] message) {
    LogBatch batch = new LogBatch();
    try {
      PushReport report =
          new PushDecoder(new Streams()).decode(message, message.length, DISCOVERY, batch);
      assertThat(report.entries()).isEqualTo(batch.rows());
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageContaining("at byte");
      return;
    }
    check(batch);
  }

  @FuzzTest(maxDuration = "10s")
  void anyJson(byte[] json) {
    LogBatch batch = new LogBatch();
    try {
      PushReport report = JsonPushDecoder.decode(json, json.length, DISCOVERY, batch);
      assertThat(report.entries()).isEqualTo(batch.rows());
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageStartingWith("malformed push request");
      return;
    }
    check(batch);
  }

  @FuzzTest(maxDuration = "10s")
  void anyObject(byte[] json) {
    LogBatch batch = new LogBatch();
    JsonEntry entry =
        new JsonEntry(
            new JsonEntry.Mapping(
                List.of("t"), List.of("m"), List.of("s"), true, List.of("i*"), Map.of()),
            DISCOVERY);
    String problem = entry.read(json, 0, json.length, Map.of(), 1, batch);
    assertThat(batch.rows()).isEqualTo(problem == null ? 1 : 0);
    check(batch);
  }

  private static void check(LogBatch batch) {
    for (int row = 0; row < batch.rows(); row++) {
      Labels stream = batch.streamLabels(batch.streamOf(row));
      assertThat(stream.isEmpty()).isFalse();
      check(stream, false);
      check(batch.metadata(row), true);
    }
  }

  private static void check(Labels labels, boolean emptyValues) {
    String before = "";
    for (Label label : labels) {
      assertThat(label.name()).isGreaterThan(before);
      assertThat(StreamText.isName(label.name())).isTrue();
      assertThat(emptyValues || !label.value().isEmpty()).isTrue();
      before = label.name();
    }
  }
}
