// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

/** The footer of a metrics part (docs/formats/metrics-part.md). */
final class PartFormat {

  static final int VERSION = 2;

  // Sections below OPTIONAL must be understood; a reader that does not refuses the part.
  static final int LABELS = 1;
  static final int TIMES = 2;
  static final int VALUES = 3;
  static final int RANGES = 4;

  /** Below OPTIONAL: without them series would silently be incomplete. */
  static final int HISTOGRAMS = 5;

  /** From here on a reader skips what it does not know. */
  static final int OPTIONAL = 64;

  static final int AGGREGATES = 64;
  static final int METADATA = 65;

  static final int EXEMPLARS = 66;
  static final int STARTS = 67;

  /** Bytes of a page of values before it is closed: some 400 series of one hour. */
  static final int VALUES_PAGE = 64 << 10;

  static final int HISTOGRAMS_PAGE = 64 << 10;
  static final int TIMES_PAGE = 32 << 10;
  static final int SMALL_PAGE = 32 << 10;

  /** A chunk of more samples is cut in two. */
  static final int CHUNK_SAMPLES = 2048;

  /** From so many samples on a chunk has aggregates, and is copied as it is when parts merge. */
  static final int AGGREGATED_SAMPLES = 1000;

  // The head of a chunk: its time column's number above these bits.
  static final int CHUNK_IS_FOLLOWED = 1;
  static final int CHUNK_HAS_STALE_MARKERS = 2;
  static final int CHUNK_HEAD_BITS = 2;

  private PartFormat() {}
}
