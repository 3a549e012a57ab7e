// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.journal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

class ExportReaderFuzzTest {

  @FuzzTest
  void anyStreamIsReadOrRefused(byte[] bytes) {
    ExportReader reader = new ExportReader(new ByteArrayInputStream(bytes));
    try {
      for (Map<String, String> entry = reader.next(); entry != null; entry = reader.next()) {
        if (entry.isEmpty()) {
          throw new AssertionError("an entry without fields");
        }
      }
    } catch (IOException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("refused without a reason", e);
      }
    }
  }
}
