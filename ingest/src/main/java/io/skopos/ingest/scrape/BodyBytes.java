// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import java.util.Arrays;

/** Bytes that grow up to a limit; reused from scrape to scrape. */
final class BodyBytes {

  private static final int KEPT_BYTES = 4 << 20;

  byte[] bytes = new byte[16 << 10];
  int length;

  /** For another use; gives a huge array back. */
  void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[16 << 10];
    }
  }

  void ensure(int more) {
    if (length + more > bytes.length) {
      int grown =
          (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(length + (long) more, bytes.length * 2L));
      bytes = Arrays.copyOf(bytes, grown);
    }
  }
}
