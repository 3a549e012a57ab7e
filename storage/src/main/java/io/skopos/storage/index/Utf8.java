// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** UTF-8 bytes as a map key, ordered as bytes. */
final class Utf8 implements Comparable<Utf8> {

  final byte[] bytes;
  private final int hash;

  Utf8(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  static Utf8 copyOf(byte[] source, int offset, int length) {
    return new Utf8(Arrays.copyOfRange(source, offset, offset + length));
  }

  @Override
  public int compareTo(Utf8 other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Utf8 text && hash == text.hash && Arrays.equals(bytes, text.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
