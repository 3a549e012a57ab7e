// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelIndex;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The labels that a grouping looks at, of many series at once: told from the postings of their few
 * values, not from the label set of each series. Series that agree in them share one object.
 */
final class SharedLabels {

  /** Below so many series, reading their label sets is as fast. */
  private static final int FEW_SERIES = 64;

  /** Reading a value's postings costs as much as reading so many label sets. */
  private static final int VALUE_COST = 4;

  private final int[] ordinals;
  private final int[] groupOf;
  private final List<Labels> groups = new ArrayList<>();

  private SharedLabels(int[] ordinals) {
    this.ordinals = ordinals;
    this.groupOf = new int[ordinals.length];
    groups.add(Labels.EMPTY);
  }

  /**
   * @param ordinals ascending
   * @param matchers which all of the series fit
   * @return null when label sets are read faster
   */
  static @Nullable SharedLabels of(
      LabelIndex index, int[] ordinals, List<Matcher> matchers, Collection<String> names)
      throws IOException {
    if (ordinals.length < FEW_SERIES) {
      return null;
    }
    TreeMap<String, @Nullable String> known = new TreeMap<>();
    long cost = 0;
    for (String name : names) {
      String value = value(matchers, name);
      known.put(name, value);
      cost += value != null ? 0 : index.valueCount(name.getBytes(StandardCharsets.UTF_8));
    }
    if (cost * VALUE_COST > ordinals.length) {
      return null;
    }
    SharedLabels shared = new SharedLabels(ordinals);
    known.forEach(shared::addKnown);
    for (String name : names) {
      if (known.get(name) == null) {
        shared.split(index, name);
      }
    }
    return shared;
  }

  /** The value that a matcher demands. */
  private static @Nullable String value(List<Matcher> matchers, String name) {
    for (Matcher matcher : matchers) {
      if (matcher.type() == Matcher.Type.EQUAL
          && matcher.name().equals(name)
          && !matcher.value().isEmpty()) {
        return matcher.value();
      }
    }
    return null;
  }

  private void addKnown(String name, @Nullable String value) {
    if (value != null) {
      groups.replaceAll(labels -> with(labels, name, value));
    }
  }

  /** Splits the groups by the values of one more label. */
  private void split(LabelIndex index, String name) throws IOException {
    int[] valueOf = new int[ordinals.length];
    List<String> values = new ArrayList<>();
    index.values(
        name.getBytes(StandardCharsets.UTF_8),
        (bytes, length, _, postings) -> {
          values.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
          postings.runs(new Marking(valueOf, values.size()));
          return true;
        });
    Long2IntOpenHashMap split = new Long2IntOpenHashMap();
    split.defaultReturnValue(-1);
    List<Labels> before = List.copyOf(groups);
    groups.clear();
    for (int i = 0; i < ordinals.length; i++) {
      long key = (long) groupOf[i] << 32 | valueOf[i];
      int group = split.get(key);
      if (group < 0) {
        group = groups.size();
        split.put(key, group);
        Labels labels = before.get(groupOf[i]);
        groups.add(valueOf[i] == 0 ? labels : with(labels, name, values.get(valueOf[i] - 1)));
      }
      groupOf[i] = group;
    }
  }

  /** Gives the series among some ascending runs a value's number. */
  private final class Marking implements LabelIndex.RunVisitor {

    private final int[] valueOf;
    private final int value;
    private int at;

    Marking(int[] valueOf, int value) {
      this.valueOf = valueOf;
      this.value = value;
    }

    @Override
    public void run(int from, int to) {
      if (at == ordinals.length || ordinals[ordinals.length - 1] < from) {
        return;
      }
      if (ordinals[at] < from) {
        int found = Arrays.binarySearch(ordinals, at, ordinals.length, from);
        at = found < 0 ? -found - 1 : found;
      }
      while (at < ordinals.length && ordinals[at] <= to) {
        valueOf[at++] = value;
      }
    }
  }

  private static Labels with(Labels labels, String name, String value) {
    TreeMap<String, String> more = new TreeMap<>(labels.toMap());
    more.put(name, value);
    return Labels.of(more);
  }

  Labels labels(int index) {
    return groups.get(groupOf[index]);
  }
}
