// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

/** Gives the pages of a block. */
public interface PageSource {

  /** How many bytes the page has; refuses numbers that no page has. */
  int length(int number);

  /**
   * The page's bytes from index 0 on, and at least eight more that mean nothing; unchanged until
   * the block is left.
   *
   * @throws java.io.UncheckedIOException when it cannot be read
   */
  byte[] page(int number);

  /** The time of one of the block's rows, in Unix nanoseconds. */
  long timeNs(int row);
}
