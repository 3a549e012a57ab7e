// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.model.Labels;
import java.util.Arrays;

/** One stream of a head: which rows of which frames are its own. One writer, any readers. */
final class HeadStream {

  /** Rows {@code from} to {@code to} (not included) of a frame. */
  record Section(HeadRows rows, int from, int to, long minTimeNs, long maxTimeNs) {}

  final Labels labels;
  private Section[] sections = new Section[2];
  private volatile int count;

  HeadStream(Labels labels) {
    this.labels = labels;
  }

  /** By how many bytes the heap grew. */
  int add(Section section) {
    int now = count;
    int grown = 48;
    if (now == sections.length) {
      sections = Arrays.copyOf(sections, now * 2);
      grown += 4 * now;
    }
    sections[now] = section;
    count = now + 1;
    return grown;
  }

  /** The first {@link #count} of these are there. Ask for the count first. */
  Section[] sections() {
    return sections;
  }

  int count() {
    return count;
  }
}
