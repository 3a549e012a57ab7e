// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

/**
 * Where a page lies in its part.
 *
 * @param offset from the part's beginning
 * @param storedLength bytes on disk, checksum and codec byte included
 * @param length bytes once decompressed
 */
public record PageRef(long offset, int storedLength, int length) {

  /** Most bytes of a page; writers refuse more, readers take it for damage. */
  public static final int MAX_LENGTH = 16 << 20;
}
