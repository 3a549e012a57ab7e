// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleMerge;
import io.skopos.metrics.tsdb.block.BlockLookup;
import io.skopos.metrics.tsdb.block.DamagedBlock;
import io.skopos.metrics.tsdb.block.IndexHeader;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.index.LabelPattern;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The series of one block that fit a selector, sorted by their labels. Not thread-safe. */
final class BlockSource implements Closeable {

  /** What a selected series costs beside its label bytes. */
  private static final int SERIES_BYTES = 72;

  private final KnownBlock block;
  private final List<TimeRange> parts;
  private final BlockLookup lookup;
  private final Consumer<DamagedBlock> damaged;
  private final SampleBuffer piece = new SampleBuffer();
  private Labels[] labels = {};
  private int[] numbers = {};

  /** As {@link #open} reads them. */
  private record Found(Labels labels, int number) {}

  private BlockSource(
      KnownBlock block, TimeRange range, BlockLookup lookup, Consumer<DamagedBlock> damaged) {
    this.block = block;
    this.parts = block.within(range);
    this.lookup = lookup;
    this.damaged = damaged;
  }

  /**
   * @param dropped labels that the series shall not have
   * @param damaged gets what of the block cannot be read; the rest is
   */
  static BlockSource open(
      KnownBlock block,
      IndexHeader header,
      List<Matcher> matchers,
      TimeRange range,
      Set<String> dropped,
      QueryBudget budget,
      Consumer<DamagedBlock> damaged)
      throws IOException {
    BlockLookup lookup = BlockLookup.open(block.files(), block.meta(), header);
    BlockSource source = new BlockSource(block, range, lookup, damaged);
    boolean whole = false;
    try {
      source.select(matchers, dropped, budget);
      whole = true;
      return source;
    } finally {
      if (!whole) {
        source.close();
      }
    }
  }

  private void select(List<Matcher> matchers, Set<String> dropped, QueryBudget budget)
      throws IOException {
    List<Matcher> inIndex = new ArrayList<>(matchers.size());
    List<Matcher> onSeries = new ArrayList<>();
    for (Matcher matcher : matchers) {
      String value = block.added().get(matcher.name());
      boolean isDropped = dropped.contains(matcher.name());
      if (value == null && !isDropped) {
        inIndex.add(matcher);
      } else if (!isDropped && lookup.hasName(matcher.name())) {
        onSeries.add(matcher); // some series may have a value of their own
      } else if (!fits(matcher, isDropped || value == null ? "" : value)) {
        return;
      }
    }
    int[] references = lookup.select(inIndex);
    List<Found> found = new ArrayList<>();
    lookup.labels(
        references,
        hull(),
        (number, own) -> {
          Labels all = complete(own, block.added(), dropped);
          if (onSeries.stream()
              .allMatch(matcher -> fits(matcher, all.getOrEmpty(matcher.name())))) {
            found.add(new Found(all, number));
            budget.addBytes(all.canonicalBytes().length + SERIES_BYTES);
          }
          if ((number & 0xff) == 0) {
            budget.checkRunning();
          }
        },
        damaged);
    // Added and dropped labels may change the order.
    found.sort((left, right) -> left.labels.compareTo(right.labels));
    labels = new Labels[found.size()];
    numbers = new int[found.size()];
    int[] wanted = new int[found.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = found.get(i).labels;
      numbers[i] = references[found.get(i).number];
    }
    // Read ahead in the order in which they will be read.
    System.arraycopy(numbers, 0, wanted, 0, wanted.length);
    lookup.begin(wanted);
    budget.addBytes(BlockLookup.HELD_BYTES);
  }

  private TimeRange hull() {
    return new TimeRange(parts.getFirst().fromMs(), parts.getLast().toMs());
  }

  static Labels complete(Labels own, Map<String, String> added, Set<String> dropped) {
    boolean drops = false;
    for (Label label : own) {
      drops |= dropped.contains(label.name());
    }
    if (added.isEmpty() && !drops) {
      return own;
    }
    LabelsBuilder all = new LabelsBuilder(own);
    if (drops) {
      dropped.forEach(all::remove);
    }
    added.forEach((name, value) -> {
      if (all.get(name) == null) {
        all.set(name, value);
      }
    });
    return all.build();
  }

  private static boolean fits(Matcher matcher, String value) {
    return switch (matcher.type()) {
      case EQUAL -> matcher.value().equals(value);
      case NOT_EQUAL -> !matcher.value().equals(value);
      case REGEX -> matches(matcher, value);
      case NOT_REGEX -> !matches(matcher, value);
    };
  }

  private static boolean matches(Matcher matcher, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return LabelPattern.compile(matcher.value()).matches(bytes, 0, bytes.length);
  }

  KnownBlock block() {
    return block;
  }

  int size() {
    return labels.length;
  }

  Labels labels(int index) {
    return labels[index];
  }

  /** Appends the samples of a series, ascending from index {@code base} on. */
  void read(int index, long fromMs, long toMs, SampleBuffer into, int base) throws IOException {
    for (TimeRange part : parts) {
      long from = Math.max(fromMs, part.fromMs());
      long to = Math.min(toMs, part.toMs());
      if (from <= to) {
        lookup.read(
            index,
            labels[index],
            hull(),
            from,
            to,
            samples -> SampleMerge.into(into, base, samples),
            damaged);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lookup.close();
  }
}
