// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.Arrays;

/** Writes values as the column that suits them. Not thread-safe. */
public final class ColumnEncoder {

  private final ByteWriter scratch = new ByteWriter(1 << 16);
  private final Dictionary dictionary = new Dictionary();
  private long[] numbers = new long[1024];

  /** Appends the column's beginning to the directory, and what is long to the pages. */
  public void encode(Values values, ByteWriter directory, PageSink pages) throws IOException {
    if (isConstant(values)) {
      directory.int8(ColumnFormat.CONSTANT);
      directory.sized(
          values.text, values.from[0], values.count == 0 ? 0 : values.to[0] - values.from[0]);
    } else if (dictionary.build(values)) {
      writeDictionary(values, directory, pages);
    } else {
      writePlain(values, directory, pages);
    }
  }

  private static boolean isConstant(Values values) {
    for (int i = 1; i < values.count; i++) {
      if (!Arrays.equals(
          values.text, values.from[0], values.to[0], values.text, values.from[i], values.to[i])) {
        return false;
      }
    }
    return true;
  }

  private void writeDictionary(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    directory.int8(ColumnFormat.DICTIONARY);
    int distinct = dictionary.size();
    directory.varint(distinct);
    for (int i = 0; i < distinct; i++) {
      int first = dictionary.first(i);
      directory.varint(values.to[first] - values.from[first]);
    }
    for (int i = 0; i < distinct; i++) {
      int first = dictionary.first(i);
      directory.put(values.text, values.from[first], values.to[first] - values.from[first]);
    }
    long[] codes = numbers(values.count);
    for (int i = 0; i < values.count; i++) {
      codes[i] = dictionary.code(i);
    }
    PackedInts.write(
        codes, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
  }

  private void writePlain(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    directory.int8(ColumnFormat.PLAIN);
    long[] lengths = numbers(values.count);
    for (int i = 0; i < values.count; i++) {
      lengths[i] = values.to[i] - values.from[i];
    }
    PackedInts.write(
        lengths, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
    scratch.clear();
    for (int i = 0; i < values.count; i++) {
      scratch.put(values.text, values.from[i], values.to[i] - values.from[i]);
    }
    Blob.write(scratch.bytes, scratch.size, PartWriter.Codec.COMPRESSED, directory, pages);
  }

  private long[] numbers(int count) {
    if (numbers.length < count) {
      numbers = new long[Math.max(count, numbers.length * 2)];
    }
    return numbers;
  }
}
