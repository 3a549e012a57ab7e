// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OldGarbageTest {

  private static final long MEBIBYTE = 1 << 20;

  @Test
  void isCollectedWhenTheOldGenerationHasDoubled() {
    assertThat(OldGarbage.isDue(60 * MEBIBYTE, 20 * MEBIBYTE)).isFalse();
    assertThat(OldGarbage.isDue(65 * MEBIBYTE, 20 * MEBIBYTE)).isTrue();
    assertThat(OldGarbage.isDue(20 * MEBIBYTE, 0)).isFalse();
  }

  @Test
  void isLeftToTheCollectorInALargeHeap() {
    assertThat(OldGarbage.isDue(300 * MEBIBYTE, 20 * MEBIBYTE)).isFalse();
  }
}
