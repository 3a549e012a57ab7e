// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Label;

/** Whatever the bytes are, the decoder refuses them or yields canonical series. */
class RemoteWriteDecoderFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] message) {
    SampleBatch batch = new SampleBatch();
    try {
      WriteReport report =
          new RemoteWriteDecoder().decode(message, message.length, 1_700_000_000_000L, batch);
      assertThat(batch.rows()).isEqualTo((int) report.samples() + batch.metadata().size());
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
