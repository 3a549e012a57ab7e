// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;

/**
 * Hashes of a content's first bytes and of those before an offset: enough to tell a file from
 * another that took its name or its inode, and to find its copy. Used by one thread.
 */
final class Fingerprints {

  static final int LENGTH = 1024;

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final byte[] buffer = new byte[LENGTH];

  /**
   * Of the bytes from {@code from} to {@code to}, at most {@link #LENGTH}; 0 when not all exist.
   */
  long of(Content content, long from, long to) throws IOException {
    int length = Math.toIntExact(to - from);
    return content.read(from, buffer, 0, length) < length ? 0 : of(buffer, 0, length);
  }

  /** Never 0. */
  static long of(byte[] bytes, int from, int length) {
    long hash = length * MULTIPLIER + 1;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ bytes[i] & 0xff) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    return hash == 0 ? 1 : hash;
  }

  /** Whether the content begins as the position's file did, and stands the same way before it. */
  boolean fits(Content content, FilePosition position) throws IOException {
    return position.headLength() <= 0
        || of(content, 0, position.headLength()) == position.head()
            && of(content, position.offset() - position.tailLength(), position.offset())
                == position.tail();
  }

  /** Whether the content begins as the position's file did. */
  boolean beginsAs(Content content, FilePosition position) throws IOException {
    return position.headLength() > 0 && of(content, 0, position.headLength()) == position.head();
  }
}
