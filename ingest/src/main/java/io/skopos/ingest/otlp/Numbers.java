// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.util.Arrays;

/** The values of a repeated field of numbers, packed or one by one. Reused. */
final class Numbers {

  private long[] values = new long[32];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return values[index];
  }

  double real(int index) {
    return Double.longBitsToDouble(values[index]);
  }

  /** Reads what stands behind the tag of such a field. */
  void read(ProtobufReader in, int tag, int end, boolean fixed, String what)
      throws MalformedMessage {
    if ((tag & 7) != ProtobufReader.LENGTH) {
      if ((tag & 7) != (fixed ? ProtobufReader.FIXED64 : ProtobufReader.VARINT)) {
        throw in.wrongType(tag, what);
      }
      add(fixed ? in.fixed64(end, what) : in.varint(end, what));
      return;
    }
    int packedEnd = in.enter(end, what);
    while (in.at < packedEnd) {
      add(fixed ? in.fixed64(packedEnd, what) : in.varint(packedEnd, what));
    }
  }

  private void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }
}
