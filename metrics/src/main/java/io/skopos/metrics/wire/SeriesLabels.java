// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.model.Labels;
import io.skopos.web.wire.ProtobufReader;
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

  private static final long METRIC_NAME =
      ProtobufReader.longAt("__name__".getBytes(StandardCharsets.US_ASCII), 0);

  /**
   * A regular label in the message: this tag, its length, the name with tag, the value with tag.
   */
  private static final byte LABEL = 1 << 3 | ProtobufReader.LENGTH;

  private static final byte NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final byte VALUE = 2 << 3 | ProtobufReader.LENGTH;

  /** Bytes behind the labels that may be read, or written, without looking. */
  private static final int SLACK = 16;

  private static final int FEW = 32;
  private static final int MAX_SHOWN_CHARS = 200;

  private byte[] message = new byte[0];
  private int[] nameAt = new int[FEW];
  private int[] nameLength = new int[FEW];
  private int[] valueAt = new int[FEW];
  private int[] valueLength = new int[FEW];
  private int[] order = new int[FEW];
  private int count;

  /**
   * Regular labels that are canonical already; spread out as {@link #add added} ones when asked.
   */
  private boolean taken;

  private int takenFrom;
  private int takenTo;

  private boolean named;
  byte[] canonical = new byte[4096];
  int canonicalLength;

  void reset(byte[] newMessage) {
    message = newMessage;
    count = 0;
    taken = false;
  }

  /**
   * Takes a series' labels at once where they stand as every known sender writes them: name before
   * value, both shorter than 128 bytes, in order, without empty ones, all ASCII, and not at the
   * very end of the message's array. Else it takes none of them.
   *
   * @param from where the series' fields begin
   * @return where its other fields begin, or {@code from} when none was taken
   */
  int takeRegular(int from, int end) {
    byte[] in = message;
    if (end > in.length - SLACK) {
      return from;
    }
    if (canonical.length < end - from + SLACK) {
      canonical = new byte[Math.max(end - from + SLACK, canonical.length * 2)];
    }
    byte[] out = canonical;
    boolean hasName = false;
    int previousAt = 0;
    int previousLength = 0;
    int labels = 0;
    int to = 0;
    int at = from;
    while (at < end && in[at] == LABEL) {
      int length = in[at + 1];
      int stop = at + 2 + length;
      int nameAt = at + 4;
      int ownLength = in[at + 3];
      int value = nameAt + ownLength;
      if (length < 0
          || stop > end
          || in[at + 2] != NAME
          || ownLength <= 0
          || value + 2 > stop
          || in[value] != VALUE
          || in[value + 1] <= 0
          || value + 2 + in[value + 1] != stop
          || (labels > 0 && compare(in, previousAt, previousLength, nameAt, ownLength) >= 0)
          || labels >= MAX_LABELS) {
        return from;
      }
      hasName |= ownLength == 8 && ProtobufReader.longAt(in, nameAt) == METRIC_NAME;
      to = copy(in, at + 3, ownLength + 1, out, to);
      to = copy(in, value + 1, in[value + 1] + 1, out, to);
      previousAt = nameAt;
      previousLength = ownLength;
      labels++;
      at = stop;
    }
    if (!Utf8Check.isAscii(out, 0, to)) {
      return from;
    }
    canonicalLength = to;
    named = hasName;
    taken = true;
    takenFrom = from;
    takenTo = at;
    return at;
  }

  /** Eight bytes at a time; up to seven bytes behind are written and overwritten later. */
  private static int copy(byte[] in, int from, int length, byte[] out, int to) {
    for (int i = 0; i < length; i += Long.BYTES) {
      ProtobufReader.putLong(out, to + i, ProtobufReader.longAt(in, from + i));
    }
    return to + length;
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
    if (needed > canonical.length) {
      canonical = new byte[Math.max(needed, canonical.length * 2)];
    }
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
      named |= length == 8 && ProtobufReader.longAt(message, nameAt[label]) == METRIC_NAME;
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

  private static int compare(
      byte[] bytes, int leftAt, int leftLength, int rightAt, int rightLength) {
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
      if (nameLength[i] == 8 && ProtobufReader.longAt(message, nameAt[i]) == METRIC_NAME) {
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
