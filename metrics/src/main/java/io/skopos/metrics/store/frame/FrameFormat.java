// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

/** Constants of docs/formats/metrics-frame.md. */
final class FrameFormat {

  /** Floats and metadata, nothing else; written whenever that is all there is. */
  static final int VERSION = 1;

  /** The same with columns for histograms, starts and exemplars behind flags. */
  static final int VERSION_WITH_COLUMNS = 2;

  /** Begins a section of label sets; as the first byte it is the version. */
  static final int LABEL_SECTION = 3;

  /** Begins what follows the last section. */
  static final int AFTER_SECTIONS = 4;

  /** Flags inside the structure. */
  static final int ONE_SAMPLE_EACH = 1;

  static final int ONE_TIME = 2;

  static final int HAS_HISTOGRAMS = 4;
  static final int HAS_STARTS = 8;
  static final int HAS_EXEMPLARS = 16;

  /**
   * What a reader is prepared to expand. Encoders begin another frame well before; what they cannot
   * split (one series' labels) is refused before it is logged.
   */
  static final int MAX_LABEL_BYTES = 64 << 20;

  static final int MAX_SAMPLES = 1 << 23;
  static final int MAX_SERIES = 1 << 20;

  /** At which an encoder begins another frame. */
  static final int FULL_LABEL_BYTES = 16 << 20;

  static final int FULL_SAMPLES = 1 << 20;
  static final int FULL_SERIES = 1 << 18;

  /**
   * Histograms in a frame: each weighs {@link #HISTOGRAM_WEIGHT}, and 1 for each bucket, span and
   * custom value. A frame is full at the half, one series may add the other half.
   */
  static final int MAX_HISTOGRAMS_WEIGHT = 1 << 22;

  static final int FULL_HISTOGRAMS_WEIGHT = MAX_HISTOGRAMS_WEIGHT / 2;
  static final int HISTOGRAM_WEIGHT = 8;

  /** Bytes of exemplars at which a frame is full, and what one series may have in a request. */
  static final int FULL_EXEMPLAR_BYTES = 8 << 20;

  /** Canonical label bytes of one series. */
  static final int MAX_SERIES_LABEL_BYTES = 1 << 20;

  static final int MAX_METADATA_BYTES = 16 << 20;

  /** The years 0 to 9999: days outside have no name of four digits. */
  static final long MIN_TIME_MS = -62_167_219_200_000L;

  static final long MAX_TIME_MS = 253_402_300_799_999L;

  private FrameFormat() {}
}
