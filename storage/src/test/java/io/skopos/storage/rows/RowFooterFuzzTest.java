// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.storage.bytes.DamagedBytes;

/** Any bytes are a footer, which then comes back from its own encoding, or are refused. */
class RowFooterFuzzTest {

  @FuzzTest(maxDuration = "10m")
  void decodesOrRefuses(byte[] bytes) {
    RowFooter footer;
    try {
      footer = RowFooter.decode(bytes);
    } catch (DamagedBytes refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
      return;
    }
    assertThat(RowFooter.decode(footer.encode())).isEqualTo(footer);
  }
}
