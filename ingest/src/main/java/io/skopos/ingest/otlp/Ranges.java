// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import java.util.Arrays;

/** Places of messages within a message, as a growing list reused from message to message. */
final class Ranges {

  private int[] bounds = new int[32];
  private int size;

  void clear() {
    size = 0;
  }

  void add(int from, int to) {
    if (size * 2 == bounds.length) {
      bounds = Arrays.copyOf(bounds, bounds.length * 2);
    }
    bounds[size * 2] = from;
    bounds[size * 2 + 1] = to;
    size++;
  }

  int size() {
    return size;
  }

  int from(int index) {
    return bounds[index * 2];
  }

  int to(int index) {
    return bounds[index * 2 + 1];
  }
}
