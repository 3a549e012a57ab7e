// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;

class DnsMessageFuzzTest {

  @FuzzTest
  void anyAnswerIsReadOrRefused(byte[] message) {
    for (DnsRecordType type : DnsRecordType.values()) {
      try {
        DnsMessage.parse(message, message.length, type);
      } catch (DnsMessage.Malformed e) {
        if (e.getMessage() == null) {
          throw new AssertionError("refused without a reason", e);
        }
      }
    }
  }
}
