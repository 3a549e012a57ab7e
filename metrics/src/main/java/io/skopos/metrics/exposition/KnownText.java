// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import org.jspecify.annotations.Nullable;

/** The bytes of a line before its value (or of a whole metadata line), and what they stand for. */
final class KnownText {

  /** For metadata lines, which need no further work. */
  static final byte METADATA = 0;

  /** For a series the mapping dropped. */
  static final byte DROPPED = 1;

  static final byte SERIES = 2;

  final byte[] text;
  final int hash;
  final byte kind;
  final @Nullable StoredSeries series;

  /** What a TYPE line says; null for others, and while nobody asks. */
  @Nullable FamilyType type;

  /** The family it was last found to be a member of, or none of. */
  @Nullable FamilyType memberOf;

  SeriesGroup.@Nullable Member member;

  /** The next text in the same bucket. */
  @Nullable KnownText nextInBucket;

  /** What came after it last time: targets repeat their lines in the same order. */
  @Nullable KnownText following;

  /** The number of the parse that met it last. */
  long lastUse;

  KnownText(byte[] text, int hash, byte kind, @Nullable StoredSeries series) {
    this.text = text;
    this.hash = hash;
    this.kind = kind;
    this.series = series;
  }
}
