// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.index.LabelSelection.Carriers;
import io.skopos.storage.index.LabelSelection.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/** Names and values of the labels of the series that some selectors fit; no sample is decoded. */
final class LabelQuery {

  private final Snapshot snapshot;
  private final List<List<Matcher>> selectors;
  private final TimeRange range;
  private final QueryBudget budget;

  /**
   * @param selectors a union; none selects everything
   */
  LabelQuery(
      Snapshot snapshot, List<List<Matcher>> selectors, TimeRange range, QueryBudget budget) {
    this.snapshot = snapshot;
    this.selectors = selectors.isEmpty() ? List.of(List.of()) : selectors;
    this.range = range;
    this.budget = budget;
  }

  List<String> names(int limit) {
    return collect(limit, LabelSelection::labelNames);
  }

  List<String> values(String name, int limit) {
    return collect(
        limit, (index, series, into) -> LabelSelection.labelValues(index, name, series, into));
  }

  /** One of the two questions, put to one index. */
  @FunctionalInterface
  private interface Question {
    void ask(LabelIndex index, Carriers series, Texts into) throws IOException;
  }

  private List<String> collect(int limit, Question question) {
    Set<String> found = new HashSet<>();
    Texts into =
        new Texts() {
          @Override
          public boolean wants(String text) {
            return !found.contains(text);
          }

          @Override
          public void add(String text) {
            found.add(text);
            budget.addBytes(2L * text.length() + 48);
          }
        };
    for (DayHead head : snapshot.heads()) {
      budget.checkRunning();
      try {
        question.ask(head.index(), series(head), into);
      } catch (IOException e) {
        snapshot.warn(head.day(), e);
      }
    }
    for (Snapshot.OpenPart open : snapshot.parts()) {
      budget.checkRunning();
      try (MetricsPart.Scan scan = open.part().scan()) {
        RoaringBitmap among = new RoaringBitmap();
        for (List<Matcher> matchers : selectors) {
          among.or(PartSource.select(open, matchers, range, scan, new ArrayList<>()));
        }
        if (!among.isEmpty()) {
          LabelIndex index = open.part().labelIndex();
          question.ask(index, Carriers.of(index, among, null), into);
        }
      } catch (IOException e) {
        snapshot.warn(open.day(), e);
      }
    }
    List<String> sorted = new ArrayList<>(found);
    sorted.sort(LabelQuery::compareBytes);
    return limit > 0 && sorted.size() > limit ? List.copyOf(sorted.subList(0, limit)) : sorted;
  }

  private Carriers series(DayHead head) {
    RoaringBitmap among = new RoaringBitmap();
    for (List<Matcher> matchers : selectors) {
      among.or(head.select(matchers));
    }
    boolean allTouch =
        range.fromMs() <= head.minTimeMs()
            && range.toMs() >= head.maxTimeMs()
            && !head.hasDeletions();
    return Carriers.of(
        head.index(), among, allTouch ? null : ordinal -> head.touches(ordinal, range));
  }

  /** The order of the UTF-8 bytes, which UTF-16 units do not have above U+FFFF. */
  static int compareBytes(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return Integer.compare(rank(a), rank(b));
      }
    }
    return left.length() - right.length();
  }

  /** Moves surrogates behind all other units. */
  private static int rank(char unit) {
    return Character.isSurrogate(unit) ? unit + 0x10000 : unit;
  }
}
