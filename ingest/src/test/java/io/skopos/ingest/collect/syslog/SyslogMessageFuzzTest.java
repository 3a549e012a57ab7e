// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.ZoneOffset;

class SyslogMessageFuzzTest {

  @FuzzTest
  void anyStreamIsReadOrRefused(byte[] bytes) {
    SyslogFrames frames = new SyslogFrames(new ByteArrayInputStream(bytes), 512);
    try {
      while (frames.next()) {
        parse(frames.message(), frames.length());
      }
    } catch (IOException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("refused without a reason", e);
      }
    }
    parse(bytes, bytes.length);
  }

  private static void parse(byte[] bytes, int length) {
    try {
      SyslogMessage message =
          SyslogMessage.parse(bytes, length, 1_714_566_896_000L, ZoneOffset.UTC, true);
      if (message.severityWord().isEmpty() || message.facilityWord().isEmpty()) {
        throw new AssertionError("no words");
      }
    } catch (SyslogMessage.Malformed e) {
      if (e.getMessage() == null) {
        throw new AssertionError("refused without a reason", e);
      }
    }
  }
}
