// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Label;
import io.skopos.web.wire.MalformedMessage;
import java.util.Arrays;

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
