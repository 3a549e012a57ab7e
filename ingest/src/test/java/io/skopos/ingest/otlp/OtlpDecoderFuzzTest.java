// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discovery;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.web.wire.MalformedMessage;
import java.util.Arrays;
import java.util.List;

/** Whatever the bytes are, the decoders refuse them or yield canonical series. */
class OtlpDecoderFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void anyProtobuf(byte[] message) {
    check(message);
  }

  @FuzzTest(maxDuration = "10s")
  void anyJson(byte[] json) {
    try {
      JsonToProtobuf.Protobuf message =
          JsonToProtobuf.convert(json, json.length, JsonSchema.REQUEST);
      check(Arrays.copyOf(message.bytes(), message.length()));
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageContaining("malformed OTLP JSON");
    }
  }

  @FuzzTest(maxDuration = "10s")
  void anyProtobufOfLogs(byte[] message) {
    checkLogs(message);
  }

  @FuzzTest(maxDuration = "10s")
  void anyJsonOfLogs(byte[] json) {
    try {
      JsonToProtobuf.Protobuf message =
          JsonToProtobuf.convert(json, json.length, JsonSchema.LOGS_REQUEST);
      checkLogs(Arrays.copyOf(message.bytes(), message.length()));
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageContaining("malformed OTLP JSON");
    }
  }

  private static void checkLogs(byte[] message) {
    LogsRequestDecoder decoder = new LogsRequestDecoder();
    try {
      decoder.decode(message, message.length, new Discovery(LogsConfig.DEFAULT), 1);
    } catch (MalformedMessage e) {
      assertThat(e.getMessage()).contains("at byte");
      return;
    }
    LogBatch batch = decoder.batch();
    for (int row = 0; row < batch.rows(); row++) {
      for (Labels labels : List.of(batch.streamLabels(batch.streamOf(row)), batch.metadata(row))) {
        String before = "";
        for (Label label : labels) {
          assertThat(label.name()).isGreaterThan(before);
          before = label.name();
        }
      }
    }
  }

  private static void check(byte[] message) {
    MetricsRequestDecoder decoder = new MetricsRequestDecoder(OtlpSettings.DEFAULT);
    try {
      decoder.decode(message, message.length, DecodedPoints.NOW_MS);
    } catch (MalformedMessage e) {
      assertThat(e.getMessage()).contains("at byte");
      return;
    }
    SampleBatch batch = decoder.batch();
    for (int i = 0; i < batch.seriesCount(); i++) {
      String before = "";
      for (Label label : batch.labels(i)) {
        assertThat(label.name()).isNotEmpty().isNotEqualTo(before);
        assertThat(label.value()).isNotEmpty();
        before = label.name();
      }
      assertThat(batch.labels(i).has(Label.METRIC_NAME)).isTrue();
    }
  }
}
