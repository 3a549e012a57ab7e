// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.histogram;

/** What the sender or store knows of a counter reset between this histogram and the one before. */
public enum ResetHint {
  /** Nothing is known: compare the two. */
  UNKNOWN,
  RESET,
  NO_RESET,
  /** It is a gauge: there are no resets. */
  GAUGE;

  private static final ResetHint[] ALL = values();

  /** By {@link #ordinal}, which is also the number in files and in Prometheus' messages. */
  public static ResetHint of(int number) {
    if (number < 0 || number >= ALL.length) {
      throw new IllegalArgumentException("there is no reset hint " + number);
    }
    return ALL[number];
  }
}
