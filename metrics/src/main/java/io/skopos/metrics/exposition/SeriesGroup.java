// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * The series of a family that differ in nothing but what their family's type adds: a histogram's
 * buckets, count and sum, a summary's quantiles, and the sample that says when they began. Kept by
 * the cache from scrape to scrape, filled anew in each.
 */
final class SeriesGroup {

  /** The role of one of its series. */
  enum Role {
    VALUE,
    BUCKET,
    COUNT,
    SUM,
    CREATED
  }

  /** A series as a part of its group. */
  record Member(SeriesGroup group, Role role, double bound) {}

  /** An exemplar that comes with a histogram. */
  record TimedExemplar(Labels labels, double value, long timeMs) {}

  /** As exposed: the family's name, and the labels that all its series have. */
  final Labels labels;

  final ClassicBuckets buckets = new ClassicBuckets();
  final List<TimedExemplar> exemplars = new ArrayList<>(0);
  double count;
  double sum;
  long timeMs;
  long startMs;
  boolean converted;

  /** The number of the family in whose reading it was filled last. */
  private long filling = -1;

  SeriesGroup(Labels labels) {
    this.labels = labels;
  }

  /** Empties it when this is its first sample in the family read now; true then. */
  boolean begin(long number) {
    if (filling == number) {
      return false;
    }
    filling = number;
    buckets.reset();
    exemplars.clear();
    count = Double.NaN;
    sum = 0;
    timeMs = ExpositionSink.NO_TIME;
    startMs = ExpositionSink.NO_START;
    converted = false;
    return true;
  }
}
