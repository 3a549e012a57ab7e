// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.metrics.store.SampleSource.Cardinality;
import io.skopos.metrics.store.SampleSource.NamedCount;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.model.Label;
import io.skopos.model.UtcDay;
import io.skopos.storage.index.LabelIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts series by their labels from postings. What is counted is what is live: of the latest day
 * that has heads, each shard's latest head (a series is in one shard only); without heads, the
 * largest part of the latest day.
 */
final class CardinalityCount {

  private final Snapshot snapshot;

  /** Series by label name, then value. */
  private final Map<String, Map<String, Long>> counts = new HashMap<>();

  private long series;
  private long chunks;
  private long minTimeMs = Long.MAX_VALUE;
  private long maxTimeMs = Long.MIN_VALUE;

  CardinalityCount(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  Cardinality answer(int limit) {
    try {
      countLive();
    } catch (IOException e) {
      snapshot.warn(UtcDay.of(maxTimeMs), e);
    }
    Map<String, Long> values = new HashMap<>();
    Map<String, Long> bytes = new HashMap<>();
    Map<String, Long> pairs = new HashMap<>();
    long pairCount = 0;
    for (Map.Entry<String, Map<String, Long>> label : counts.entrySet()) {
      values.put(label.getKey(), (long) label.getValue().size());
      pairCount += label.getValue().size();
      long size = 0;
      for (Map.Entry<String, Long> value : label.getValue().entrySet()) {
        pairs.put(label.getKey() + "=" + value.getKey(), value.getValue());
        size += value.getKey().getBytes(StandardCharsets.UTF_8).length * value.getValue();
      }
      bytes.put(label.getKey(), size);
    }
    return new Cardinality(
        series,
        pairCount,
        chunks,
        minTimeMs,
        maxTimeMs,
        top(counts.getOrDefault(Label.METRIC_NAME, Map.of()), limit),
        top(values, limit),
        top(bytes, limit),
        top(pairs, limit));
  }

  private void countLive() throws IOException {
    TreeMap<Integer, DayHead> byShard = new TreeMap<>();
    for (DayHead head : snapshot.heads()) {
      minTimeMs = Math.min(minTimeMs, head.minTimeMs());
      maxTimeMs = Math.max(maxTimeMs, head.maxTimeMs());
    }
    UtcDay latest =
        snapshot.heads().stream().map(DayHead::day).max(Comparator.naturalOrder()).orElse(null);
    for (DayHead head : snapshot.heads()) {
      if (head.day().equals(latest)) {
        byShard.put(head.shard(), head);
      }
    }
    Snapshot.OpenPart largest = null;
    for (Snapshot.OpenPart part : snapshot.parts()) {
      minTimeMs = Math.min(minTimeMs, part.entry().minTimeMs());
      maxTimeMs = Math.max(maxTimeMs, part.entry().maxTimeMs());
      if (largest == null
          || !part.day().equals(largest.day())
          || part.part().seriesCount() > largest.part().seriesCount()) {
        largest = part;
      }
    }
    for (DayHead head : byShard.values()) {
      series += head.seriesCount();
      chunks += head.seriesCount();
      count(head.index());
    }
    if (byShard.isEmpty() && largest != null) {
      series = largest.part().seriesCount();
      chunks = largest.part().chunkCount();
      count(largest.part().labelIndex());
    }
  }

  private void count(LabelIndex index) throws IOException {
    List<byte[]> names = new ArrayList<>();
    index.names((bytes, length, carrying, postings) -> {
      names.add(Arrays.copyOf(bytes, length));
      return true;
    });
    for (byte[] name : names) {
      Map<String, Long> values =
          counts.computeIfAbsent(new String(name, StandardCharsets.UTF_8), key -> new HashMap<>());
      index.values(
          name,
          (bytes, length, carrying, postings) -> {
            values.merge(
                new String(bytes, 0, length, StandardCharsets.UTF_8), (long) carrying, Long::sum);
            return true;
          });
    }
  }

  private static List<NamedCount> top(Map<String, Long> counts, int limit) {
    return counts.entrySet().stream()
        .map(entry -> new NamedCount(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingLong(NamedCount::count).reversed().thenComparing(NamedCount::name))
        .limit(limit > 0 ? limit : Long.MAX_VALUE)
        .toList();
  }
}
