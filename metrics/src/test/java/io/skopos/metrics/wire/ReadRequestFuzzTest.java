// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.web.wire.MalformedMessage;

/** Whatever the bytes are, they are refused with their place or are a bounded request. */
class ReadRequestFuzzTest {

  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] message) {
    try {
      ReadRequest request = ReadRequest.decode(message, message.length);
      assertThat(request.queries().size()).isLessThanOrEqualTo(ReadRequest.MAX_QUERIES);
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageContaining("at byte");
    }
  }
}
