// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleSource.SeriesExemplars;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.roaringbitmap.RoaringBitmap;

/** The exemplars of the series that some selectors fit. */
final class ExemplarQuery {

  /** What an exemplar, or a series with some, costs beside its label bytes. */
  private static final int BYTES = 96;

  private final Snapshot snapshot;
  private final List<List<Matcher>> selectors;
  private final TimeRange range;
  private final QueryBudget budget;
  private final TreeMap<Labels, TreeSet<Exemplar>> found = new TreeMap<>();

  /**
   * @param selectors a union; none selects everything
   */
  ExemplarQuery(
      Snapshot snapshot, List<List<Matcher>> selectors, TimeRange range, QueryBudget budget) {
    this.snapshot = snapshot;
    this.selectors = selectors.isEmpty() ? List.of(List.of()) : selectors;
    this.range = range;
    this.budget = budget;
  }

  /**
   * @param limit of exemplars; 0 or less for none
   */
  List<SeriesExemplars> answer(int limit) {
    for (DayHead head : snapshot.heads()) {
      budget.checkRunning();
      addFrom(head);
    }
    for (Snapshot.OpenPart open : snapshot.parts()) {
      budget.checkRunning();
      if (open.part().hasExemplars()) {
        try (MetricsPart.Scan scan = open.part().scan()) {
          addFrom(open, scan);
        } catch (IOException e) {
          snapshot.warn(open.day(), e);
        }
      }
    }
    return limited(limit);
  }

  private void addFrom(DayHead head) {
    RoaringBitmap among = new RoaringBitmap();
    for (List<Matcher> matchers : selectors) {
      among.or(head.select(matchers));
    }
    Int2ObjectOpenHashMap<Labels> labels = new Int2ObjectOpenHashMap<>();
    head.exemplars(
        range,
        among,
        (exemplar, ordinal) -> {
          Labels series = labels.get(ordinal);
          if (series == null) {
            series = head.labels(ordinal);
            labels.put(ordinal, series);
          }
          add(series, exemplar);
        });
  }

  private void addFrom(Snapshot.OpenPart open, MetricsPart.Scan scan) throws IOException {
    RoaringBitmap among = new RoaringBitmap();
    List<PartSource.Hidden> hidden = new ArrayList<>();
    for (List<Matcher> matchers : selectors) {
      among.or(PartSource.select(open, matchers, range, scan, hidden));
    }
    IntArrayList ordinals = new IntArrayList();
    List<Exemplar> exemplars = new ArrayList<>();
    scan.exemplars(
        among,
        range,
        (exemplar, ordinal) -> {
          if (!isHidden(hidden, ordinal, exemplar.timeMs())) {
            ordinals.add(ordinal);
            exemplars.add(exemplar);
          }
        });
    for (int i = 0; i < exemplars.size(); i++) {
      add(scan.labels(ordinals.getInt(i)), exemplars.get(i));
    }
  }

  private static boolean isHidden(List<PartSource.Hidden> hidden, int ordinal, long timeMs) {
    for (PartSource.Hidden one : hidden) {
      if (one.range().contains(timeMs) && one.series().contains(ordinal)) {
        return true;
      }
    }
    return false;
  }

  private void add(Labels series, Exemplar exemplar) {
    TreeSet<Exemplar> own = found.get(series);
    if (own == null) {
      own = new TreeSet<>(Exemplar.ORDER);
      found.put(series, own);
      budget.addSeries(1);
      budget.addBytes(series.canonicalBytes().length + BYTES);
    }
    if (own.add(exemplar)) {
      budget.addBytes(exemplar.labels().canonicalBytes().length + BYTES);
    }
  }

  private List<SeriesExemplars> limited(int limit) {
    List<SeriesExemplars> answer = new ArrayList<>();
    int left = limit > 0 ? limit : Integer.MAX_VALUE;
    for (Map.Entry<Labels, TreeSet<Exemplar>> series : found.entrySet()) {
      if (left == 0) {
        break;
      }
      List<Exemplar> own = series.getValue().stream().limit(left).toList();
      answer.add(new SeriesExemplars(series.getKey(), own));
      left -= own.size();
    }
    return answer;
  }
}
