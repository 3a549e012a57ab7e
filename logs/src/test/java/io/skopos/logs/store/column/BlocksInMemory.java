// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines encoded as one column, without a part around them. */
final class BlocksInMemory implements PageSource {

  static final int DEPTH = 4;

  final List<byte[]> pages = new ArrayList<>();
  final ByteWriter directory = new ByteWriter(1024);
  final long[] times;
  final int count;

  BlocksInMemory(List<byte[]> lines, long[] times) throws IOException {
    this.times = times;
    this.count = lines.size();
    ByteWriter text = new ByteWriter(1024);
    Values values = new Values(text.bytes, 16);
    for (byte[] line : lines) {
      values.add(text.size, text.size + line.length, values.count);
      text.put(line, 0, line.length);
    }
    values.text = text.bytes;
    new ColumnEncoder(GramSink.NONE)
        .encodeLines(
            values,
            times,
            directory,
            (bytes, offset, length, _) -> {
              pages.add(Arrays.copyOfRange(bytes, offset, offset + length));
              return pages.size() - 1;
            });
  }

  Column open() {
    return Column.read(count, new ByteReader(directory.bytes, 0, directory.size), this, DEPTH);
  }

  int size() {
    return directory.size + pages.stream().mapToInt(page -> page.length).sum();
  }

  @Override
  public int length(int number) {
    if (number < 0 || number >= pages.size()) {
      throw new io.skopos.storage.bytes.DamagedBytes("page " + number);
    }
    return pages.get(number).length;
  }

  @Override
  public byte[] page(int number) {
    return Arrays.copyOf(pages.get(number), pages.get(number).length + 8);
  }

  @Override
  public long timeNs(int row) {
    return times[row];
  }
}
