// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.CardinalityReport;
import io.skopos.metrics.store.CardinalityReport.Group;
import io.skopos.metrics.store.CardinalityRequest;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.part.SeriesBytes;
import io.skopos.model.Label;
import io.skopos.model.Matcher;
import io.skopos.model.UtcDay;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.index.LabelSelection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * Counts series by group from postings and page sizes.
 *
 * <p>A day's series lie in its parts and heads, and most are in several of them. A group counts as
 * many series as the source with the most has, where the heads of all shards together are one
 * source. So churn between two flushes of a day is not added up until its parts are merged;
 * counting it now would mean comparing all label sets.
 */
final class CardinalityByGroup {

  private static final byte[] JOB = "job".getBytes(StandardCharsets.UTF_8);
  private static final byte[] INSTANCE = "instance".getBytes(StandardCharsets.UTF_8);
  private static final byte[] METRIC_NAME = Label.METRIC_NAME.getBytes(StandardCharsets.UTF_8);

  private final Snapshot snapshot;
  private final CardinalityRequest request;
  private final QueryBudget budget;
  private final Map<Key, Sum> groups = new HashMap<>();
  private final Sum total = new Sum();
  private @Nullable UtcDay now;

  private record Key(String name, String instance) {}

  /** What is added up of one group. */
  private static final class Sum {
    long values;
    long series;
    long dayBefore;
    double diskBytes;
    double memoryBytes;
    double samplesPerSecond;

    /** Of the source that is being counted. */
    long inSource;

    long valuesInSource;
  }

  CardinalityByGroup(Snapshot snapshot, CardinalityRequest request, QueryBudget budget) {
    this.snapshot = snapshot;
    this.request = request;
    this.budget = budget;
  }

  CardinalityReport answer() {
    return answer(null);
  }

  /**
   * @param given counts as now; null for the latest that has series
   */
  CardinalityReport answer(@Nullable UtcDay given) {
    TreeMap<UtcDay, TreeMap<Integer, DayHead>> heads = new TreeMap<>();
    for (DayHead head : snapshot.heads()) {
      if (head.seriesCount() > 0) {
        heads.computeIfAbsent(head.day(), _ -> new TreeMap<>()).put(head.shard(), head);
      }
    }
    UtcDay latest = heads.isEmpty() ? null : heads.lastKey();
    for (Snapshot.OpenPart part : snapshot.parts()) {
      latest = latest == null || part.day().compareTo(latest) > 0 ? part.day() : latest;
    }
    now = given == null ? latest : given;
    if (latest == null) {
      return new CardinalityReport(
          null, CardinalityReport.EMPTY.total(), 0, List.of(), snapshot.warnings());
    }
    for (Snapshot.OpenPart part : snapshot.parts()) {
      try {
        count(part);
      } catch (IOException e) {
        snapshot.warn(part.day(), e);
      }
    }
    heads.forEach((day, byShard) -> {
      try {
        count(day, byShard.values());
      } catch (IOException e) {
        snapshot.warn(day, e);
      }
    });
    return report(given == null ? latest : given);
  }

  private CardinalityReport report(UtcDay day) {
    List<Group> sorted = new ArrayList<>(groups.size());
    groups.forEach((key, sum) -> {
      if (sum.series > 0 || sum.dayBefore > 0 || sum.diskBytes > 0) {
        sorted.add(group(key, sum));
      }
    });
    sorted.sort(CardinalityReport.order());
    int limit = request.limit() == 0 ? sorted.size() : Math.min(request.limit(), sorted.size());
    return new CardinalityReport(
        day.toString(),
        group(new Key("", ""), total),
        sorted.size(),
        sorted.subList(0, limit),
        snapshot.warnings());
  }

  private static Group group(Key key, Sum sum) {
    return new Group(
        key.name,
        key.instance,
        sum.values,
        sum.series,
        sum.dayBefore,
        Math.round(sum.diskBytes),
        Math.round(sum.memoryBytes),
        sum.samplesPerSecond);
  }

  private void count(Snapshot.OpenPart part) throws IOException {
    begin();
    SeriesBytes bytes = part.part().seriesBytes();
    // Of the whole part, which most often is most of a day.
    double seconds = (part.entry().maxTimeMs() - part.entry().minTimeMs()) / 1000.0;
    double perSeries =
        seconds <= 0 || part.part().seriesCount() == 0
            ? 0
            : part.part().sampleCount() / seconds / part.part().seriesCount();
    boolean isNow = part.day().equals(now);
    each(
        part.part().labelIndex(),
        (sum, series) -> {
          sum.diskBytes += bytes.of(series);
          if (isNow) {
            sum.samplesPerSecond =
                Math.max(sum.samplesPerSecond, series.getCardinality() * perSeries);
          }
        });
    end(part.day());
  }

  private void count(UtcDay day, Iterable<DayHead> heads) throws IOException {
    begin();
    for (DayHead head : heads) {
      double perSeries = (double) head.bytes() / head.seriesCount();
      each(head.index(), (sum, series) -> sum.memoryBytes += series.getCardinality() * perSeries);
    }
    end(day);
  }

  private void begin() {
    budget.checkRunning();
    total.inSource = 0;
    for (Sum sum : groups.values()) {
      sum.inSource = 0;
      sum.valuesInSource = 0;
    }
  }

  private void end(UtcDay day) {
    end(total, day);
    for (Sum sum : groups.values()) {
      end(sum, day);
    }
  }

  private void end(Sum sum, UtcDay day) {
    UtcDay today = now;
    if (today == null) {
      return;
    }
    if (day.equals(today)) {
      sum.series = Math.max(sum.series, sum.inSource);
      sum.values = Math.max(sum.values, sum.valuesInSource);
    } else if (day.number() == today.number() - 1) {
      sum.dayBefore = Math.max(sum.dayBefore, sum.inSource);
    }
  }

  /** What a source adds to a group, beside its number of series. */
  @FunctionalInterface
  private interface Visitor {
    void group(Sum sum, RoaringBitmap series);
  }

  private void each(LabelIndex index, Visitor visitor) throws IOException {
    RoaringBitmap among = selected(index);
    if (among.isEmpty()) {
      return;
    }
    add(total, among, 0, visitor);
    switch (request.by()) {
      case METRIC -> values(index, METRIC_NAME, among, visitor);
      case VALUE -> values(index, request.label().getBytes(StandardCharsets.UTF_8), among, visitor);
      case LABEL -> labels(index, among, visitor);
      case TARGET -> targets(index, among, visitor);
      case TENANT -> {
        // The total is all there is of one tenant.
      }
    }
  }

  private RoaringBitmap selected(LabelIndex index) throws IOException {
    if (request.selectors().isEmpty()) {
      RoaringBitmap all = new RoaringBitmap();
      all.add(0L, index.seriesCount());
      return all;
    }
    RoaringBitmap selected = new RoaringBitmap();
    for (List<Matcher> matchers : request.selectors()) {
      selected.or(LabelSelection.select(index, matchers));
    }
    return selected;
  }

  private void values(LabelIndex index, byte[] name, RoaringBitmap among, Visitor visitor)
      throws IOException {
    index.values(
        name,
        (bytes, length, _, postings) -> {
          budget.checkRunning();
          RoaringBitmap series = postings.read();
          series.and(among);
          if (!series.isEmpty()) {
            add(sum(text(bytes, length), ""), series, 0, visitor);
          }
          return true;
        });
  }

  private void labels(LabelIndex index, RoaringBitmap among, Visitor visitor) throws IOException {
    List<byte[]> names = new ArrayList<>();
    index.names((bytes, length, _, _) -> {
      names.add(Arrays.copyOf(bytes, length));
      return true;
    });
    for (byte[] name : names) {
      budget.checkRunning();
      RoaringBitmap series = index.postings(name);
      series.and(among);
      if (!series.isEmpty()) {
        long[] values = new long[1];
        LabelSelection.labelValues(
            index, new String(name, StandardCharsets.UTF_8), among, _ -> values[0]++);
        add(sum(text(name, name.length), ""), series, values[0], visitor);
      }
    }
  }

  /** Jobs are noted per series first, so that each instance is gone through once. */
  private void targets(LabelIndex index, RoaringBitmap among, Visitor visitor) throws IOException {
    List<String> jobs = new ArrayList<>(List.of(""));
    int[] jobOf = new int[index.seriesCount() + 1];
    index.values(
        JOB,
        (bytes, length, _, postings) -> {
          budget.checkRunning();
          int job = jobs.size();
          jobs.add(text(bytes, length));
          for (PeekableIntIterator it = postings.read().getIntIterator(); it.hasNext(); ) {
            int ordinal = it.next();
            if (ordinal < jobOf.length) {
              jobOf[ordinal] = job;
            }
          }
          return true;
        });
    RoaringBitmap rest = among.clone();
    index.values(
        INSTANCE,
        (bytes, length, _, postings) -> {
          budget.checkRunning();
          RoaringBitmap series = postings.read();
          series.and(among);
          rest.andNot(series);
          byJob(series, text(bytes, length), jobs, jobOf, visitor);
          return true;
        });
    byJob(rest, "", jobs, jobOf, visitor);
  }

  private void byJob(
      RoaringBitmap series, String instance, List<String> jobs, int[] jobOf, Visitor visitor) {
    Map<Integer, RoaringBitmap> split = new HashMap<>();
    for (PeekableIntIterator it = series.getIntIterator(); it.hasNext(); ) {
      int ordinal = it.next();
      if (ordinal < jobOf.length) {
        split.computeIfAbsent(jobOf[ordinal], _ -> new RoaringBitmap()).add(ordinal);
      }
    }
    split.forEach((job, some) -> add(sum(jobs.get(job), instance), some, 0, visitor));
  }

  private static void add(Sum sum, RoaringBitmap series, long values, Visitor visitor) {
    sum.inSource += series.getCardinality();
    // The heads of several shards may know the same values: the most of one is a lower bound.
    sum.valuesInSource = Math.max(sum.valuesInSource, values);
    visitor.group(sum, series);
  }

  private Sum sum(String name, String instance) {
    return groups.computeIfAbsent(
        new Key(name, instance),
        _ -> {
          budget.addBytes(2L * (name.length() + instance.length()) + 160);
          return new Sum();
        });
  }

  private static String text(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
