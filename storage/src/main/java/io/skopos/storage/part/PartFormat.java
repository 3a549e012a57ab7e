// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

/** Sizes and magic numbers of docs/formats/part.md. */
final class PartFormat {

  /** "SKPT", little-endian. */
  static final int MAGIC = 'S' | 'K' << 8 | 'P' << 16 | 'T' << 24;

  static final int VERSION = 1;

  /** Magic, version, signal, a zero, part id. */
  static final int HEADER_LENGTH = 24;

  /** Part length, footer length, footer checksum, version, signal, a zero, checksum, magic. */
  static final int TAIL_LENGTH = 28;

  /** A page's codec byte and checksum. */
  static final int PAGE_OVERHEAD = 5;

  /** Read at once when a part is opened; a longer footer takes a second read. */
  static final int TAIL_READ = 64 << 10;

  static final int MAX_FOOTER_LENGTH = 64 << 20;

  static final int RAW = 0;
  static final int ZSTD = 1;

  private PartFormat() {}
}
