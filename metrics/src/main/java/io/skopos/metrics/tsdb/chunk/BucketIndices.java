// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.model.histogram.Buckets;
import java.util.Arrays;

/** Where buckets lie: ascending indices, beside spans, which say the same shorter. */
final class BucketIndices {

  private BucketIndices() {}

  static int[] of(Buckets buckets) {
    int[] indices = new int[buckets.size()];
    int[] spans = buckets.spans();
    int at = 0;
    int index = 0;
    for (int i = 0; i < spans.length; i += 2) {
      index += spans[i];
      for (int j = 0; j < spans[i + 1]; j++) {
        indices[at++] = index++;
      }
    }
    return indices;
  }

  /** All that are in one of the two. */
  static int[] union(int[] left, int[] right) {
    int[] both = new int[left.length + right.length];
    int size = 0;
    int l = 0;
    int r = 0;
    while (l < left.length || r < right.length) {
      int next;
      if (r == right.length || (l < left.length && left[l] <= right[r])) {
        next = left[l];
        r += r < right.length && right[r] == next ? 1 : 0;
        l++;
      } else {
        next = right[r++];
      }
      both[size++] = next;
    }
    return Arrays.copyOf(both, size);
  }

  static int[] spans(int[] indices) {
    int[] spans = new int[indices.length * 2];
    int size = 0;
    int next = 0;
    for (int i = 0; i < indices.length; i++) {
      if (i == 0 || indices[i] != next) {
        spans[size] = i == 0 ? indices[0] : indices[i] - next;
        spans[size + 1] = 0;
        size += 2;
      }
      spans[size - 1]++;
      next = indices[i] + 1;
    }
    return Arrays.copyOf(spans, size);
  }

  /** The counts at the wanted indices, which hold all of the buckets'. */
  static double[] countsAt(int[] wanted, Buckets buckets) {
    double[] counts = new double[wanted.length];
    int[] indices = of(buckets);
    int at = 0;
    for (int i = 0; i < indices.length; i++) {
      while (wanted[at] != indices[i]) {
        at++;
      }
      counts[at] = buckets.counts()[i];
    }
    return counts;
  }

  /** Whether some bucket counts less than before, or is gone. */
  static boolean anyFell(Buckets before, Buckets now) {
    if (Arrays.equals(before.spans(), now.spans())) {
      for (int i = 0; i < before.size(); i++) {
        if (now.counts()[i] < before.counts()[i]) {
          return true;
        }
      }
      return false;
    }
    int[] old = of(before);
    int[] young = of(now);
    int at = 0;
    for (int i = 0; i < old.length; i++) {
      while (at < young.length && young[at] < old[i]) {
        at++;
      }
      double count = at < young.length && young[at] == old[i] ? now.counts()[at] : 0;
      if (count < before.counts()[i]) {
        return true;
      }
    }
    return false;
  }
}
