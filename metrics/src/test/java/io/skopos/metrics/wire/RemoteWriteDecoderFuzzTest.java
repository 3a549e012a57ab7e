// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Label;
import io.skopos.web.wire.MalformedMessage;

/** Whatever the bytes are, the decoders refuse them or yield canonical series. */
class RemoteWriteDecoderFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] message) {
    check(new RemoteWriteDecoder()::decode, message);
  }

  @FuzzTest(maxDuration = "10s")
  void anyBytesOfVersion2(byte[] message) {
    check(new RemoteWrite2Decoder()::decode, message);
  }

  private interface Decoder {
    WriteReport decode(byte[] message, int length, long nowMs, SampleBatch into)
        throws MalformedMessage;
  }

  private static void check(Decoder decoder, byte[] message) {
    SampleBatch batch = new SampleBatch();
    try {
      WriteReport report = decoder.decode(message, message.length, 1_700_000_000_000L, batch);
      long kept = report.samples() + report.histograms() + report.exemplars();
      assertThat(batch.rows()).isEqualTo((int) kept + batch.metadata().size());
      for (int i = 0; i < batch.seriesCount(); i++) {
        String before = "";
        for (Label label : batch.labels(i)) {
          assertThat(label.name()).isNotEmpty().isNotEqualTo(before);
          assertThat(label.value()).isNotEmpty();
          before = label.name();
        }
        assertThat(batch.labels(i).has(Label.METRIC_NAME)).isTrue();
      }
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageContaining("at byte");
    }
  }
}
