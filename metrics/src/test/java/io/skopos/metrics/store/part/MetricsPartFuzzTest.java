// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.storage.part.DamagedPart;
import io.skopos.testkit.storage.PartInMemory;
import java.io.IOException;

/** A footer and pages of any bytes are answered from or refused, within bounds. */
class MetricsPartFuzzTest {

  @FuzzTest
  void anyPartIsAnsweredOrRefused(FuzzedDataProvider data) throws IOException {
    byte[] footer = data.consumeBytes(2_048);
    byte[] pages = data.consumeRemainingAsBytes();
    try {
      DamagedPartTest.readEverything(new PartInMemory(pages, footer));
    } catch (DamagedPart refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }
}
