// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The labels of one series, copied together from several places, then as canonical bytes. Reused
 * from series to series without allocation; labels that many series share are added first, and
 * {@link #rewind} goes back to them.
 *
 * <p>Of labels with one name the higher rank wins; of equal ranks the later, unless the rank {@link
 * #JOINED} asks for all their values. A label whose value is empty is none, unless empty values are
 * kept. Not thread-safe.
 */
public final class LabelBuffer {

  /** Far beyond any tenant's limit; it bounds what one hostile series can make us sort. */
  public static final int MAX_LABELS = 4096;

  /** Values of one name at this rank are joined by {@code ;}, in the order of their sort keys. */
  public static final int JOINED = 1;

  private static final byte[] METRIC_NAME = "__name__".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_SHOWN_CHARS = 200;
  private static final int FEW = 32;

  private final boolean emptyValues;
  private byte[] arena = new byte[1024];
  private int used;
  private int[] fields = new int[32 * WIDTH];
  private int count;
  private int[] order = new int[32];
  private byte[] canonical = new byte[1024];
  private int canonicalLength;

  private static final int NAME = 0;
  private static final int NAME_END = 1;
  private static final int VALUE = 2;
  private static final int VALUE_END = 3;
  private static final int SORT = 4;
  private static final int RANK = 5;
  private static final int WIDTH = 6;

  public LabelBuffer() {
    this(false);
  }

  /**
   * @param emptyValues whether labels with an empty value are kept
   */
  public LabelBuffer(boolean emptyValues) {
    this.emptyValues = emptyValues;
  }

  public void clear() {
    used = 0;
    count = 0;
  }

  /** What {@link #rewind} goes back to: the labels added so far. */
  public long mark() {
    return (long) count << 32 | used;
  }

  public void rewind(long mark) {
    count = (int) (mark >>> 32);
    used = (int) mark;
  }

  /** The canonical bytes, valid up to {@link #canonicalLength} until the next change. */
  public byte[] canonical() {
    return canonical;
  }

  public int canonicalLength() {
    return canonicalLength;
  }

  /** How many labels have been added, those of one name counted each. */
  public int count() {
    return count;
  }

  public void add(int rank, String name, String value) {
    begin(rank);
    append(name.getBytes(StandardCharsets.UTF_8));
    value();
    append(value.getBytes(StandardCharsets.UTF_8));
    end();
  }

  public void add(int rank, byte[] name, byte[] value) {
    begin(rank);
    append(name);
    value();
    append(value);
    end();
  }

  /** Begins a label; its name is appended next. */
  public void begin(int rank) {
    if (count * WIDTH == fields.length) {
      fields = Arrays.copyOf(fields, fields.length * 2);
    }
    int at = count * WIDTH;
    fields[at + RANK] = rank;
    fields[at + NAME] = used;
    fields[at + SORT] = used;
  }

  /** What was appended since {@link #begin} was the key to sort by; the name follows. */
  public void sortedBefore() {
    fields[count * WIDTH + NAME] = used;
  }

  /** The name is complete; its value is appended next. */
  public void value() {
    fields[count * WIDTH + NAME_END] = used;
    fields[count * WIDTH + VALUE] = used;
  }

  /** The label is complete. */
  public void end() {
    fields[count * WIDTH + VALUE_END] = used;
    if (count <= MAX_LABELS) {
      count++;
    }
  }

  /** Bytes appended in all; tells whether something was appended in between. */
  public int appended() {
    return used;
  }

  public void append(byte b) {
    room(1);
    arena[used++] = b;
  }

  public void append(byte[] bytes) {
    append(bytes, 0, bytes.length);
  }

  public void append(byte[] bytes, int from, int length) {
    room(length);
    System.arraycopy(bytes, from, arena, used, length);
    used += length;
  }

  private void room(int more) {
    if (used + more > arena.length) {
      arena = Arrays.copyOf(arena, Math.max(used + more, arena.length * 2));
    }
  }

  /**
   * Writes the canonical bytes.
   *
   * @return null, or what is wrong with the labels
   */
  public @Nullable String canonicalize() {
    return canonicalize(true);
  }

  /**
   * The same.
   *
   * @param named whether a {@code __name__} is demanded
   */
  public @Nullable String canonicalize(boolean named) {
    canonicalLength = 0;
    if (count > MAX_LABELS) {
      return "it has more than " + MAX_LABELS + " labels";
    }
    sort();
    boolean foundName = false;
    for (int i = 0; i < count; ) {
      int next = i + 1;
      while (next < count && compareNames(order[i], order[next]) == 0) {
        next++;
      }
      int at = order[i] * WIDTH;
      if (fields[at + NAME] == fields[at + NAME_END]) {
        return "it has a label with an empty name";
      }
      foundName |= write(i, next);
      i = next;
    }
    if (named && !foundName) {
      return "it has no label __name__";
    }
    return Utf8Check.isAscii(canonical, 0, canonicalLength) ? null : checkUtf8();
  }

  /** Writes the winner of labels of one name; true when that is the metric's name. */
  private boolean write(int from, int to) {
    int first = order[from] * WIDTH;
    int rank = fields[first + RANK];
    int joined = to;
    if (rank == JOINED) {
      joined = from + 1;
      while (joined < to && fields[order[joined] * WIDTH + RANK] == JOINED) {
        joined++;
      }
    } else {
      joined = from + 1;
    }
    int valueLength = joined - from - 1;
    for (int i = from; i < joined; i++) {
      valueLength += fields[order[i] * WIDTH + VALUE_END] - fields[order[i] * WIDTH + VALUE];
    }
    if (valueLength == 0 && !emptyValues) {
      return false;
    }
    int nameAt = fields[first + NAME];
    int nameLength = fields[first + NAME_END] - nameAt;
    int needed = canonicalLength + nameLength + valueLength + 10;
    if (needed > canonical.length) {
      canonical = Arrays.copyOf(canonical, Math.max(needed, canonical.length * 2));
    }
    length(nameLength);
    copy(nameAt, nameLength);
    length(valueLength);
    for (int i = from; i < joined; i++) {
      if (i > from) {
        canonical[canonicalLength++] = ';';
      }
      int at = order[i] * WIDTH;
      copy(fields[at + VALUE], fields[at + VALUE_END] - fields[at + VALUE]);
    }
    return Arrays.equals(arena, nameAt, nameAt + nameLength, METRIC_NAME, 0, METRIC_NAME.length);
  }

  private void copy(int from, int length) {
    System.arraycopy(arena, from, canonical, canonicalLength, length);
    canonicalLength += length;
  }

  private void length(int length) {
    int rest = length;
    while ((rest & ~0x7f) != 0) {
      canonical[canonicalLength++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    canonical[canonicalLength++] = (byte) rest;
  }

  private @Nullable String checkUtf8() {
    for (int i = 0; i < count; i++) {
      int at = i * WIDTH;
      int nameLength = fields[at + NAME_END] - fields[at + NAME];
      if (!Utf8Check.isValid(arena, fields[at + NAME], nameLength)) {
        return "the label name " + name(i) + " is not valid UTF-8";
      }
      int valueLength = fields[at + VALUE_END] - fields[at + VALUE];
      if (!Utf8Check.isValid(arena, fields[at + VALUE], valueLength)) {
        return "the value of label " + name(i) + " is not valid UTF-8: \"" + value(i) + '"';
      }
    }
    return null;
  }

  private void sort() {
    if (order.length < count) {
      order = new int[fields.length / WIDTH];
    }
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    if (count > FEW) {
      Integer[] boxed = new Integer[count];
      Arrays.setAll(boxed, i -> i);
      Arrays.sort(boxed, this::compare);
      for (int i = 0; i < count; i++) {
        order[i] = boxed[i];
      }
      return;
    }
    for (int i = 1; i < count; i++) {
      int label = order[i];
      int to = i;
      while (to > 0 && compare(order[to - 1], label) > 0) {
        order[to] = order[to - 1];
        to--;
      }
      order[to] = label;
    }
  }

  /** By name; of one name the winner first. */
  private int compare(int left, int right) {
    int names = compareNames(left, right);
    if (names != 0) {
      return names;
    }
    int leftRank = fields[left * WIDTH + RANK];
    int rightRank = fields[right * WIDTH + RANK];
    if (leftRank != rightRank) {
      return Integer.compare(rightRank, leftRank);
    }
    if (leftRank != JOINED) {
      return Integer.compare(right, left);
    }
    int keys =
        Arrays.compareUnsigned(
            arena,
            fields[left * WIDTH + SORT],
            sortEnd(left),
            arena,
            fields[right * WIDTH + SORT],
            sortEnd(right));
    return keys != 0 ? keys : Integer.compare(left, right);
  }

  private int sortEnd(int label) {
    int at = label * WIDTH;
    return fields[at + SORT] == fields[at + NAME] ? fields[at + NAME_END] : fields[at + NAME];
  }

  private int compareNames(int left, int right) {
    return Arrays.compareUnsigned(
        arena,
        fields[left * WIDTH + NAME],
        fields[left * WIDTH + NAME_END],
        arena,
        fields[right * WIDTH + NAME],
        fields[right * WIDTH + NAME_END]);
  }

  /** The series as it was put together, cut to a readable length. */
  public String shown() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count && text.length() < MAX_SHOWN_CHARS; i++) {
      text.append(i == 0 ? "" : ", ").append(name(i)).append("=\"").append(value(i)).append('"');
    }
    if (text.length() > MAX_SHOWN_CHARS) {
      text.setLength(MAX_SHOWN_CHARS);
      text.append('…');
    }
    return text.append('}').toString();
  }

  private String name(int label) {
    return text(fields[label * WIDTH + NAME], fields[label * WIDTH + NAME_END]);
  }

  private String value(int label) {
    return text(fields[label * WIDTH + VALUE], fields[label * WIDTH + VALUE_END]);
  }

  private String text(int from, int to) {
    int length = Math.min(to - from, MAX_SHOWN_CHARS);
    return new String(arena, from, length, StandardCharsets.UTF_8).replace("\n", "\\n");
  }
}
