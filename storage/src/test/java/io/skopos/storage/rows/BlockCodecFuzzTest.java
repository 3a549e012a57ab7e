// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;

/**
 * Any bytes are a block, which then comes back from its own encoding, or are refused. Normal builds
 * run the inputs kept as resources; to search for new ones: {@code JAZZER_FUZZ=1 mvn -pl storage
 * -am test -Dtest=BlockCodecFuzzTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class BlockCodecFuzzTest {

  @FuzzTest(maxDuration = "10m")
  void decodesOrRefuses(byte[] bytes) {
    RowBlock block;
    try {
      block = BlockCodec.decode(bytes, bytes.length);
    } catch (DamagedBytes refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
      return;
    }
    ByteWriter out = new ByteWriter(64);
    BlockCodec.encode(block, out);
    assertThat(RandomBlocks.text(BlockCodec.decode(out.bytes, out.size)))
        .isEqualTo(RandomBlocks.text(block));
  }
}
