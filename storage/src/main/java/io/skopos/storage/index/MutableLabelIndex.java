// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The head's label index: one writer adds series, any number of readers select meanwhile without
 * locks. A reader sees every series whose {@link #add} returned before it asked, and perhaps later
 * ones.
 */
public final class MutableLabelIndex implements LabelIndex {

  private final ConcurrentHashMap<Utf8, Name> names = new ConcurrentHashMap<>();
  private final CanonicalLabels.Visitor adder = this::addLabel;
  private int adding;

  // The labels of the series before, by place: the next one shares most of them, which spares
  // looking them up.
  private @Nullable Name[] namesBefore = new Name[8];
  private @Nullable Value[] valuesBefore = new Value[8];
  private int place;

  private long heapBytes;
  private volatile int seriesCount;

  /**
   * Adds a series; only by the one writer.
   *
   * @param ordinal the number of series added before
   * @param canonical canonical label bytes; copied where needed
   */
  public void add(int ordinal, byte[] canonical, int offset, int length) {
    if (ordinal != seriesCount) {
      throw new IllegalArgumentException(
          "series " + ordinal + " is added where " + seriesCount + " is next");
    }
    adding = ordinal;
    place = 0;
    CanonicalLabels.forEach(canonical, offset, length, adder);
    seriesCount = ordinal + 1;
  }

  private void addLabel(byte[] bytes, int nameAt, int nameLength, int valueAt, int valueLength) {
    if (place == namesBefore.length) {
      namesBefore = Arrays.copyOf(namesBefore, place * 2);
      valuesBefore = Arrays.copyOf(valuesBefore, place * 2);
    }
    Name name = namesBefore[place];
    Value value = valuesBefore[place];
    if (name == null || !isSame(name.bytes, bytes, nameAt, nameLength)) {
      name = name(Utf8.copyOf(bytes, nameAt, nameLength));
      namesBefore[place] = name;
      value = null;
    }
    if (value == null || !isSame(value.bytes, bytes, valueAt, valueLength)) {
      value = name.value(Utf8.copyOf(bytes, valueAt, valueLength));
      valuesBefore[place] = value;
    }
    place++;
    name.series.add(adding);
    heapBytes += value.add(adding);
  }

  private static boolean isSame(byte[] known, byte[] bytes, int at, int length) {
    return known.length == length && Arrays.equals(known, 0, length, bytes, at, at + length);
  }

  private Name name(Utf8 key) {
    Name name = names.get(key);
    if (name == null) {
      name = new Name(key.bytes);
      names.put(key, name);
      heapBytes += 400 + key.bytes.length;
    }
    return name;
  }

  /** Roughly the bytes this index holds on the heap; exact only for the writer. */
  public long heapBytes() {
    return heapBytes;
  }

  @Override
  public int seriesCount() {
    return seriesCount;
  }

  @Override
  public RoaringBitmap postings(byte[] name, byte[] value) {
    Name known = names.get(new Utf8(name));
    Value found = known == null ? null : known.byBytes.get(new Utf8(value));
    return found == null ? new RoaringBitmap() : found.series.toBitmap();
  }

  @Override
  public RoaringBitmap postings(byte[] name) {
    Name known = names.get(new Utf8(name));
    return known == null ? new RoaringBitmap() : known.series.toBitmap();
  }

  @Override
  public int valueCount(byte[] name) {
    Name known = names.get(new Utf8(name));
    return known == null ? 0 : known.valueCount;
  }

  @Override
  public void names(Visitor visitor) throws IOException {
    for (Name name : names.values()) {
      if (!visitor.visit(name.bytes, name.bytes.length, name.series.count(), name.series)) {
        return;
      }
    }
  }

  @Override
  public void values(byte[] name, Visitor visitor) throws IOException {
    Name known = names.get(new Utf8(name));
    if (known == null) {
      return;
    }
    int count = known.valueCount;
    Value[] values = known.values;
    for (int i = 0; i < count; i++) {
      Value value = values[i];
      if (!visitor.visit(value.bytes, value.bytes.length, value.series.count(), value.series)) {
        return;
      }
    }
  }

  @Override
  public RoaringBitmap matching(byte[] name, LabelPattern pattern, boolean accepted) {
    RoaringBitmap matching = new RoaringBitmap();
    Name known = names.get(new Utf8(name));
    if (known == null) {
      return matching;
    }
    List<byte[]> literals = pattern.literals();
    if (literals != null && accepted) {
      for (byte[] literal : literals) {
        Value value = known.byBytes.get(new Utf8(literal));
        if (value != null) {
          value.series.orInto(matching);
        }
      }
      return matching;
    }
    int count = known.valueCount;
    Value[] values = known.values;
    BitSet fits = known.matches(pattern).upTo(values, count);
    if (!accepted) {
      fits.flip(0, count);
    }
    for (int i = fits.nextSetBit(0); i >= 0; i = fits.nextSetBit(i + 1)) {
      values[i].series.orInto(matching);
    }
    return matching;
  }

  /** For the writer of a part, which has the index to itself. */
  Collection<Name> allNames() {
    return new ArrayList<>(names.values());
  }

  /** A label name, its values in order of addition, and the series that have it at all. */
  static final class Name {

    private static final int PATTERNS_KEPT = 16;

    final byte[] bytes;
    final PostingsList series = new PostingsList();
    final ConcurrentHashMap<Utf8, Value> byBytes = new ConcurrentHashMap<>();
    private Value[] values = new Value[4];
    private volatile int valueCount;
    private @Nullable Map<String, PatternMatches> patterns;

    Name(byte[] bytes) {
      this.bytes = bytes;
    }

    Value value(Utf8 key) {
      Value value = byBytes.get(key);
      if (value == null) {
        value = new Value(key.bytes);
        byBytes.put(key, value);
        int count = valueCount;
        if (count == values.length) {
          values = Arrays.copyOf(values, count * 2);
        }
        values[count] = value;
        valueCount = count + 1;
      }
      return value;
    }

    synchronized PatternMatches matches(LabelPattern pattern) {
      if (patterns == null) {
        patterns = new LinkedHashMap<>(PATTERNS_KEPT, 0.75f, true);
      }
      PatternMatches matches = patterns.get(pattern.source());
      if (matches == null) {
        if (patterns.size() == PATTERNS_KEPT) {
          patterns.remove(patterns.keySet().iterator().next());
        }
        matches = new PatternMatches(pattern);
        patterns.put(pattern.source(), matches);
      }
      return matches;
    }
  }

  /** A label value and the series that have it. */
  static final class Value {

    final byte[] bytes;
    final PostingsList series = new PostingsList();

    Value(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Returns by how many bytes the heap grew, roughly. */
    int add(int ordinal) {
      long before = series.count() == 0 ? -160 - bytes.length : series.heapBytes();
      series.add(ordinal);
      return (int) (series.heapBytes() - before);
    }
  }
}
