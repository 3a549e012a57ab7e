// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.model.Labels;
import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The labels of one series as places in the message, then as canonical bytes. Reused from series to
 * series; nothing is allocated while labels arrive sorted, as the specification demands, or few.
 */
final class SeriesLabels {

  /** Far beyond any tenant's limit; it bounds what one hostile series can make us hold and sort. */
  static final int MAX_LABELS = 4096;

  /** OpenMetrics 1.0 allows an exemplar 128 characters; senders of traces need a few more. */
  private static final int MAX_NAMELESS_BYTES = 4096;

  private static final int FEW = 32;
  private static final int MAX_SHOWN_CHARS = 200;

  private byte[] message = new byte[0];
  private int[] nameAt = new int[FEW];
  private int[] nameLength = new int[FEW];
  private int[] valueAt = new int[FEW];
  private int[] valueLength = new int[FEW];
  private int[] order = new int[FEW];
  private int count;

  private final RegularLabels regular = new RegularLabels();

  /** By {@link #regular}, from the message; spread out as {@link #add added} ones when asked. */
  private boolean taken;

  private int takenFrom;
  private int takenTo;

  private boolean named;
  private byte[] written = new byte[4096];
  byte[] canonical = written;
  int canonicalLength;

  /** Begins with another message. */
  void begin(byte[] newMessage) {
    message = newMessage;
    regular.begin(newMessage);
  }

  /** Begins with another series of the message. */
  void reset() {
    count = 0;
    taken = false;
  }

  /**
   * Takes a series' labels at once where they are {@link RegularLabels regular}.
   *
   * @param from where the series' fields begin
   * @return where its other fields begin, or {@code from} when none was taken
   */
  int takeRegular(int from, int end) {
    int at = regular.take(from, end);
    if (at > from) {
      canonical = regular.canonical();
      canonicalLength = regular.length();
      named = regular.named();
      taken = true;
      takenFrom = from;
      takenTo = at;
    }
    return at;
  }

  private void spread() {
    if (!taken) {
      return;
    }
    taken = false;
    int at = takenFrom;
    while (at < takenTo) {
      int name = at + 4;
      int value = name + message[at + 3] + 2;
      add(name, value - 2, value, value + message[value - 1]);
      at = value + message[value - 1];
    }
  }

  void add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
    spread();
    if (count > MAX_LABELS) {
      return;
    }
    if (count == nameAt.length) {
      int capacity = count * 2;
      nameAt = Arrays.copyOf(nameAt, capacity);
      nameLength = Arrays.copyOf(nameLength, capacity);
      valueAt = Arrays.copyOf(valueAt, capacity);
      valueLength = Arrays.copyOf(valueLength, capacity);
      order = Arrays.copyOf(order, capacity);
    }
    nameAt[count] = nameFrom;
    nameLength[count] = nameTo - nameFrom;
    valueAt[count] = valueFrom;
    valueLength[count] = valueTo - valueFrom;
    order[count] = count;
    count++;
  }

  /**
   * Writes the canonical bytes, without labels whose value is empty, which mean the same as none.
   *
   * @return null, or what is wrong with the labels
   */
  @Nullable String canonicalize() {
    String problem = write();
    return problem != null || named ? problem : "it has no label __name__";
  }

  /** The same of labels that are no series, such as an exemplar's, and need no name. */
  @Nullable String canonicalizeNameless() {
    String problem = write();
    return problem != null || canonicalLength <= MAX_NAMELESS_BYTES
        ? problem
        : "its labels have " + canonicalLength + " bytes, the limit is " + MAX_NAMELESS_BYTES;
  }

  private @Nullable String write() {
    if (taken) {
      return null;
    }
    if (count > MAX_LABELS) {
      return "it has more than " + MAX_LABELS + " labels";
    }
    sort();
    int needed = 0;
    for (int i = 0; i < count; i++) {
      needed += nameLength[i] + valueLength[i] + 10;
    }
    if (needed > written.length) {
      written = new byte[Math.max(needed, written.length * 2)];
    }
    canonical = written;
    named = false;
    int position = 0;
    for (int i = 0; i < count; i++) {
      int label = order[i];
      int length = nameLength[label];
      if (length == 0) {
        return "it has a label with an empty name";
      }
      if (i > 0 && compareNames(order[i - 1], label) == 0) {
        return "it has the label " + text(nameAt[label], length) + " twice";
      }
      if (valueLength[label] == 0) {
        continue;
      }
      named |= RegularLabels.isMetricName(message, nameAt[label], length);
      position = write(nameAt[label], length, position);
      position = write(valueAt[label], valueLength[label], position);
    }
    canonicalLength = position;
    return Utf8Check.isAscii(canonical, 0, position) ? null : checkUtf8();
  }

  private int write(int from, int length, int position) {
    byte[] out = canonical;
    int to = position;
    int rest = length;
    while ((rest & ~0x7f) != 0) {
      out[to++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out[to++] = (byte) rest;
    System.arraycopy(message, from, out, to, length);
    return to + length;
  }

  private @Nullable String checkUtf8() {
    for (int i = 0; i < count; i++) {
      if (!Utf8Check.isValid(message, nameAt[i], nameLength[i])) {
        return "the label name " + text(nameAt[i], nameLength[i]) + " is not valid UTF-8";
      }
      if (!Utf8Check.isValid(message, valueAt[i], valueLength[i])) {
        return "the value of label "
            + text(nameAt[i], nameLength[i])
            + " is not valid UTF-8: \""
            + text(valueAt[i], valueLength[i])
            + '"';
      }
    }
    return null;
  }

  private void sort() {
    int sorted = 1;
    while (sorted < count && compareNames(sorted - 1, sorted) <= 0) {
      sorted++;
    }
    if (sorted >= count) {
      return;
    }
    if (count > FEW) {
      Integer[] boxed = new Integer[count];
      Arrays.setAll(boxed, i -> i);
      Arrays.sort(boxed, this::compareNames);
      Arrays.setAll(order, i -> i < count ? boxed[i] : 0);
      return;
    }
    for (int i = sorted; i < count; i++) {
      int label = order[i];
      int to = i;
      while (to > 0 && compareNames(order[to - 1], label) > 0) {
        order[to] = order[to - 1];
        to--;
      }
      order[to] = label;
    }
  }

  private int compareNames(int left, int right) {
    return compare(message, nameAt[left], nameLength[left], nameAt[right], nameLength[right]);
  }

  static int compare(byte[] bytes, int leftAt, int leftLength, int rightAt, int rightLength) {
    if (leftLength != 0 && rightLength != 0) {
      int first = (bytes[leftAt] & 0xff) - (bytes[rightAt] & 0xff);
      if (first != 0) {
        return first;
      }
    }
    return Arrays.compareUnsigned(
        bytes, leftAt, leftAt + leftLength, bytes, rightAt, rightAt + rightLength);
  }

  /** The canonical bytes as a value of their own. */
  Labels copy() {
    return Labels.ofCanonicalBytes(Arrays.copyOf(canonical, canonicalLength));
  }

  /** Where the metric's name stands among the labels added, or -1; for labels in any order. */
  int nameIndex() {
    spread();
    for (int i = 0; i < count; i++) {
      if (RegularLabels.isMetricName(message, nameAt[i], nameLength[i])) {
        return i;
      }
    }
    return -1;
  }

  /** The series as the sender wrote it, cut to a readable length. */
  String shown() {
    spread();
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count && text.length() < MAX_SHOWN_CHARS; i++) {
      text.append(i == 0 ? "" : ", ")
          .append(text(nameAt[i], nameLength[i]))
          .append("=\"")
          .append(text(valueAt[i], valueLength[i]))
          .append('"');
    }
    if (text.length() > MAX_SHOWN_CHARS) {
      text.setLength(MAX_SHOWN_CHARS);
      text.append('…');
    }
    return text.append('}').toString();
  }

  private String text(int from, int length) {
    return new String(message, from, Math.min(length, MAX_SHOWN_CHARS), StandardCharsets.UTF_8)
        .replace("\n", "\\n");
  }
}
