// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.storage.bytes.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lines of any bytes come back as they were. */
class ColumnFuzzTest {

  @FuzzTest
  void anyLinesComeBack(FuzzedDataProvider data) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    while (data.remainingBytes() > 0) {
      byte[] line = data.consumeBytes(data.consumeInt(0, 200));
      for (int again = data.consumeInt(0, 4); again >= 0; again--) {
        lines.add(line);
      }
    }
    if (lines.isEmpty()) {
      return;
    }
    Column column = new BlocksInMemory(lines, new long[lines.size()]).open();
    ByteWriter out = new ByteWriter(16);
    for (int i = 0; i < lines.size(); i++) {
      out.clear();
      column.append(i, i, out);
      assertThat(out.toByteArray()).isEqualTo(lines.get(i));
    }
  }
}
