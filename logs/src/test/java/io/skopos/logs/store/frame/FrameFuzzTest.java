// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** A payload of any bytes is decoded or refused. */
class FrameFuzzTest {

  @FuzzTest
  void anyPayloadIsDecodedOrRefused(FuzzedDataProvider data) {
    byte[] payload = data.consumeRemainingAsBytes();
    try {
      FrameRows rows = FrameCodec.decode(payload, payload.length);
      for (int row = 0; row < rows.rows(); row++) {
        rows.metadataOf(row);
      }
      assertThat(rows.linesFrom() + rows.linesLength()).isLessThanOrEqualTo(payload.length);
    } catch (DamagedFrame refused) {
      assertThat(refused).hasMessageContaining("cannot be read");
    }
  }
}
