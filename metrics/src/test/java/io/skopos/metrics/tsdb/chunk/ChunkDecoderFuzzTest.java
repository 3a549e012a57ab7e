// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;

/** Whatever the bytes are, a chunk is samples or damaged. */
class ChunkDecoderFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] bytes) {
    for (ChunkEncoding encoding : ChunkEncoding.values()) {
      SampleBuffer into = new SampleBuffer();
      try {
        ChunkDecoder.decode(encoding, bytes, 0, bytes.length, into);
        assertThat(into.size).isLessThan(1 << 16);
      } catch (DamagedChunk e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
    for (Aggregate aggregate : Aggregate.values()) {
      try {
        boolean unused =
            AggregateChunk.decode(aggregate, bytes, 0, bytes.length, new SampleBuffer());
      } catch (DamagedChunk e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }
}
