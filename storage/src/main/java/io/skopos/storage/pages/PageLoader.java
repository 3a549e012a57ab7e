// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Reads, verifies and decompresses a page that is not cached. */
@FunctionalInterface
public interface PageLoader {

  /**
   * Fills {@code into} to its last byte.
   *
   * @param offset where the page lies in its part
   * @param storedLength bytes it takes there
   */
  void load(long offset, int storedLength, MemorySegment into) throws IOException;
}
