// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.web.wire.ProtobufReader;
import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The labels of one series, taken at once where they stand as every known sender writes them: name
 * before value, both shorter than 128 bytes, in order, without empty ones, all ASCII. Those that
 * stand at the same places of the series before, as most labels of a target do, are found by one
 * comparison, and neither looked at nor taken apart again. Not thread-safe; reuse it.
 */
final class RegularLabels {

  private static final long METRIC_NAME =
      ProtobufReader.longAt("__name__".getBytes(StandardCharsets.US_ASCII), 0);

  /** A label in the message: this tag, its length, the name with tag, the value with tag. */
  private static final byte LABEL = 1 << 3 | ProtobufReader.LENGTH;

  private static final byte NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final byte VALUE = 2 << 3 | ProtobufReader.LENGTH;

  /** How many of a label's bytes are not in its canonical form. */
  private static final int TAGS = 4;

  /** Bytes behind the labels that may be read, or written, without looking. */
  private static final int SLACK = 16;

  private byte[] in = {};
  private byte[] canonical = new byte[4096];
  private int length;
  private boolean named;

  // The series taken before, of the same message: as it stands there, and its canonical bytes.
  private int lastAt;
  private int lastEnd;
  private int lastNameAt;
  private byte[] last = new byte[4096];

  // Of the run found last: how many labels, and where in the series before the last one stands.
  private int runLabels;
  private int runLast;

  /** Begins with another message. */
  void begin(byte[] message) {
    in = message;
    lastAt = 0;
    lastEnd = 0;
  }

  /** Canonical bytes of the labels taken last, up to {@link #length}; valid until the next ones. */
  byte[] canonical() {
    return canonical;
  }

  int length() {
    return length;
  }

  /** Whether a metric's name is among them. */
  boolean named() {
    return named;
  }

  /**
   * Takes all labels of a series or, when one is not as said or stands at the very end of the
   * message's array, none.
   *
   * @param from where the series' fields begin
   * @return where its other fields begin, or {@code from} when none was taken
   */
  int take(int from, int end) {
    if (end > in.length - SLACK) {
      return from;
    }
    byte[] out = last;
    if (out.length < end - from + SLACK) {
      out = new byte[Math.max(end - from + SLACK, out.length * 2)];
    }
    byte[] before = canonical;
    int beforeAt = 0;
    int nameAt = -1;
    int previous = -1;
    int labels = 0;
    int to = 0;
    int other = lastAt;
    int otherEnd = lastEnd;
    int at = from;
    while (at < end && in[at] == LABEL) {
      if (other < otherEnd) {
        int same = Arrays.mismatch(in, other, otherEnd, in, at, end);
        int run = wholeLabels(other, same < 0 ? otherEnd - other : same);
        if (run > 0) {
          if ((previous >= 0 && compareNames(previous, at) >= 0)
              || labels + runLabels > SeriesLabels.MAX_LABELS) {
            return from;
          }
          if (lastNameAt >= other && lastNameAt < other + run) {
            nameAt = at + lastNameAt - other;
          }
          int bytes = run - TAGS * runLabels;
          System.arraycopy(before, beforeAt, out, to, bytes);
          beforeAt += bytes;
          to += bytes;
          previous = at + runLast - other;
          labels += runLabels;
          other += run;
          at += run;
          if (at >= end || in[at] != LABEL) {
            break;
          }
        }
      }
      int size = label(at, end);
      if (size < 0
          || (previous >= 0 && compareNames(previous, at) >= 0)
          || labels >= SeriesLabels.MAX_LABELS) {
        return from;
      }
      int ownLength = in[at + 3];
      if (isMetricName(in, at + 4, ownLength)) {
        nameAt = at;
      }
      int start = to;
      to = copy(at + 3, ownLength + 1, out, to);
      int value = at + 5 + ownLength;
      to = copy(value, in[value] + 1, out, to);
      if (!Utf8Check.isAscii(out, start, to - start)) {
        return from;
      }
      if (other < otherEnd) {
        beforeAt += in[other + 1] + 2 - TAGS;
        other += in[other + 1] + 2;
      }
      previous = at;
      labels++;
      at += size;
    }
    last = before;
    canonical = out;
    length = to;
    named = nameAt >= 0;
    lastAt = from;
    lastEnd = at;
    lastNameAt = nameAt;
    return at;
  }

  /** How many of the same bytes are whole labels, which were taken before. */
  private int wholeLabels(int from, int same) {
    int run = 0;
    int labels = 0;
    int at = from;
    while (run + 1 < same) {
      int next = run + in[from + run + 1] + 2;
      if (next > same) {
        break;
      }
      at = from + run;
      run = next;
      labels++;
    }
    runLabels = labels;
    runLast = at;
    return run;
  }

  /** The bytes of the label, with its tags; -1 when it is not regular. */
  private int label(int at, int end) {
    int own = in[at + 1];
    int stop = at + 2 + own;
    int nameLength = in[at + 3];
    int value = at + 4 + nameLength;
    return own < 0
            || stop > end
            || in[at + 2] != NAME
            || nameLength <= 0
            || value + 2 > stop
            || in[value] != VALUE
            || in[value + 1] <= 0
            || value + 2 + in[value + 1] != stop
        ? -1
        : own + 2;
  }

  private int compareNames(int left, int right) {
    return SeriesLabels.compare(in, left + 4, in[left + 3], right + 4, in[right + 3]);
  }

  static boolean isMetricName(byte[] bytes, int at, int length) {
    return length == 8 && ProtobufReader.longAt(bytes, at) == METRIC_NAME;
  }

  /** Eight bytes at a time; up to seven bytes behind are written and overwritten later. */
  private int copy(int from, int size, byte[] out, int to) {
    for (int i = 0; i < size; i += Long.BYTES) {
      ProtobufReader.putLong(out, to + i, ProtobufReader.longAt(in, from + i));
    }
    return to + size;
  }
}
