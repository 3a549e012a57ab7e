// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** Lengths in the canonical bytes of {@link io.skopos.model.Labels}: unsigned LEB128. */
final class Varint {

  private Varint() {}

  static int read(byte[] bytes, int at) {
    int position = at;
    int value = bytes[position] & 0x7f;
    int shift = 7;
    while (bytes[position] < 0) {
      position++;
      value |= (bytes[position] & 0x7f) << shift;
      shift += 7;
    }
    return value;
  }

  static int size(int value) {
    int size = 1;
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      rest >>>= 7;
      size++;
    }
    return size;
  }

  static int write(byte[] bytes, int start, int value) {
    int at = start;
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[at++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    return at;
  }
}
