// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.histogram;

import io.skopos.engine.aggregation.CompensatedSum;
import io.skopos.model.histogram.Buckets;
import java.util.Arrays;

/**
 * The buckets of one side while they are computed: ascending indices, each once, with counts and
 * what the counts lack by rounding.
 */
final class SparseCounts {

  int[] indices;
  double[] counts;
  double[] lacks;
  int size;

  private SparseCounts(int[] indices, double[] counts, double[] lacks, int size) {
    this.indices = indices;
    this.counts = counts;
    this.lacks = lacks;
    this.size = size;
  }

  static SparseCounts of(Buckets buckets) {
    int[] spans = buckets.spans();
    double[] counts = buckets.counts();
    int[] indices = new int[counts.length];
    int at = 0;
    int index = 0;
    for (int span = 0; span < spans.length; span += 2) {
      index += spans[span];
      for (int i = 0; i < spans[span + 1]; i++) {
        indices[at++] = index++;
      }
    }
    return new SparseCounts(indices, counts.clone(), new double[counts.length], counts.length);
  }

  SparseCounts copy() {
    return new SparseCounts(indices.clone(), counts.clone(), lacks.clone(), size);
  }

  /** The count at a place, roundings made good. */
  double total(int at) {
    return total(counts[at], lacks[at]);
  }

  static double total(double sum, double lack) {
    return Double.isInfinite(sum) ? sum : sum + lack;
  }

  void add(SparseCounts other, double sign) {
    if (size == other.size && Arrays.equals(indices, 0, size, other.indices, 0, size)) {
      for (int i = 0; i < size; i++) {
        addAt(i, sign * other.counts[i], sign * other.lacks[i]);
      }
      return;
    }
    int capacity = size + other.size;
    SparseCounts merged =
        new SparseCounts(new int[capacity], new double[capacity], new double[capacity], 0);
    int i = 0;
    int j = 0;
    while (i < size || j < other.size) {
      int at = merged.size++;
      if (j == other.size || (i < size && indices[i] <= other.indices[j])) {
        merged.indices[at] = indices[i];
        merged.counts[at] = counts[i];
        merged.lacks[at] = lacks[i];
        if (j < other.size && indices[i] == other.indices[j]) {
          merged.addAt(at, sign * other.counts[j], sign * other.lacks[j]);
          j++;
        }
        i++;
      } else {
        merged.indices[at] = other.indices[j];
        merged.counts[at] = sign * other.counts[j];
        merged.lacks[at] = sign * other.lacks[j];
        j++;
      }
    }
    take(merged);
  }

  private void addAt(int at, double count, double lack) {
    double before = counts[at];
    double total = before + count;
    lacks[at] = CompensatedSum.compensation(count, before, total, lacks[at]) + lack;
    counts[at] = total;
  }

  /** Joins buckets so that each holds 2^{@code halvings} of before. */
  void reduce(int halvings) {
    regroup(index -> ((index - 1) >> halvings) + 1);
  }

  /** Moves counts between custom bounds; every new bound must be an old one. */
  void rebound(double[] from, double[] to) {
    regroup(index -> {
      if (index >= from.length) {
        return to.length;
      }
      int at = Arrays.binarySearch(to, from[Math.max(0, index)]);
      return at >= 0 ? at : -at - 1;
    });
  }

  private interface Regrouping {
    int of(int index);
  }

  private void regroup(Regrouping regrouping) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int index = regrouping.of(indices[i]);
      if (kept > 0 && indices[kept - 1] == index) {
        addAt(kept - 1, counts[i], lacks[i]);
      } else {
        indices[kept] = index;
        counts[kept] = counts[i];
        lacks[kept++] = lacks[i];
      }
    }
    size = kept;
  }

  void removeFirst(int count) {
    if (count > 0) {
      System.arraycopy(indices, count, indices, 0, size - count);
      System.arraycopy(counts, count, counts, 0, size - count);
      System.arraycopy(lacks, count, lacks, 0, size - count);
      size -= count;
    }
  }

  void multiply(double factor) {
    for (int i = 0; i < size; i++) {
      counts[i] *= factor;
      lacks[i] *= factor;
    }
  }

  void divide(double divisor) {
    for (int i = 0; i < size; i++) {
      counts[i] /= divisor;
      lacks[i] /= divisor;
    }
  }

  void clear() {
    size = 0;
  }

  boolean hasInfinity() {
    for (int i = 0; i < size; i++) {
      if (Double.isInfinite(counts[i])) {
        return true;
      }
    }
    return false;
  }

  /** Without empty buckets. */
  Buckets toBuckets() {
    double[] totals = new double[size];
    int[] spans = new int[2 * size];
    int kept = 0;
    int spanLength = 0;
    int next = 0;
    for (int i = 0; i < size; i++) {
      double total = total(i);
      if (total == 0) {
        continue;
      }
      if (kept > 0 && indices[i] == next) {
        spans[spanLength - 1]++;
      } else {
        spans[spanLength++] = indices[i] - next;
        spans[spanLength++] = 1;
      }
      next = indices[i] + 1;
      totals[kept++] = total;
    }
    return kept == 0
        ? Buckets.NONE
        : new Buckets(Arrays.copyOf(spans, spanLength), Arrays.copyOf(totals, kept));
  }

  private void take(SparseCounts other) {
    indices = other.indices;
    counts = other.counts;
    lacks = other.lacks;
    size = other.size;
  }
}
