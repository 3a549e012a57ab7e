// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

/** The lengths before names and values in the canonical bytes of {@link Labels}: LEB128. */
public final class CanonicalLength {

  private CanonicalLength() {}

  /** The length that stands at {@code at}. */
  public static int read(byte[] bytes, int at) {
    int value = 0;
    int shift = 0;
    int next = at;
    while (bytes[next] < 0) {
      value |= (bytes[next++] & 0x7f) << shift;
      shift += 7;
    }
    return value | bytes[next] << shift;
  }

  /**
   * Writes a length.
   *
   * @return where what it is the length of begins
   */
  public static int write(byte[] bytes, int at, int length) {
    int next = at;
    int rest = length;
    while ((rest & ~0x7f) != 0) {
      bytes[next++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    bytes[next++] = (byte) rest;
    return next;
  }

  /** How many bytes a length takes. */
  public static int bytes(int length) {
    return length < 0x80
        ? 1
        : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : length < 0x1000_0000 ? 4 : 5;
  }
}
