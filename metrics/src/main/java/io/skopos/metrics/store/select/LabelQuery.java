// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.TextOrder;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.part.LabelAnswers;
import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.index.LabelSelection.Carriers;
import io.skopos.storage.index.LabelSelection.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    return collect(null, limit);
  }

  List<String> values(String name, int limit) {
    return collect(name, limit);
  }

  /** Puts the question to one index. */
  private static void ask(@Nullable String name, LabelIndex index, Carriers series, Texts into)
      throws IOException {
    if (name == null) {
      LabelSelection.labelNames(index, series, into);
    } else {
      LabelSelection.labelValues(index, name, series, into);
    }
  }

  private List<String> collect(@Nullable String name, int limit) {
    List<List<String>> answers = new ArrayList<>();
    Found inHeads = new Found();
    for (DayHead head : snapshot.heads()) {
      budget.checkRunning();
      try {
        ask(name, head.index(), series(head), inHeads);
      } catch (IOException e) {
        snapshot.warn(head.day(), e);
      }
    }
    inHeads.addTo(answers);
    for (Snapshot.OpenPart open : snapshot.parts()) {
      budget.checkRunning();
      try {
        List<String> answer = ofPart(name, open);
        if (!answer.isEmpty()) {
          answers.add(answer);
        }
      } catch (IOException e) {
        snapshot.warn(open.day(), e);
      }
    }
    List<String> all = union(answers);
    return limit > 0 && all.size() > limit ? List.copyOf(all.subList(0, limit)) : all;
  }

  /** Sorted. */
  private List<String> ofPart(@Nullable String name, Snapshot.OpenPart open) throws IOException {
    LabelAnswers known = open.part().labelAnswers();
    BitSet apart = open.deletions().isEmpty() ? open.part().notTouching(range) : null;
    LabelAnswers.Question question =
        apart == null ? null : new LabelAnswers.Question(name, selectors, apart);
    if (question != null) {
      List<String> answer = known.get(question);
      if (answer != null) {
        return answer;
      }
    }
    Found found = new Found();
    try (MetricsPart.Scan scan = open.part().scan()) {
      RoaringBitmap among = new RoaringBitmap();
      for (List<Matcher> matchers : selectors) {
        among.or(PartSource.select(open, matchers, range, scan, new ArrayList<>()));
      }
      if (!among.isEmpty()) {
        LabelIndex index = open.part().labelIndex();
        ask(name, index, Carriers.of(index, among, null), found);
      }
    }
    List<String> answer = found.sorted();
    if (question != null) {
      known.put(question, answer);
    }
    return answer;
  }

  /** What indexes answer that are asked one after the other. */
  private final class Found implements Texts {

    private final Set<String> texts = new HashSet<>();

    @Override
    public boolean wants(String text) {
      return !texts.contains(text);
    }

    @Override
    public void add(String text) {
      texts.add(text);
      budget.addBytes(2L * text.length() + 48);
    }

    List<String> sorted() {
      List<String> sorted = new ArrayList<>(texts);
      sorted.sort(TextOrder.BYTES);
      return sorted;
    }

    void addTo(List<List<String>> answers) {
      if (!texts.isEmpty()) {
        answers.add(sorted());
      }
    }
  }

  /** Of sorted lists. */
  private static List<String> union(List<List<String>> sorted) {
    if (sorted.size() <= 1) {
      return sorted.isEmpty() ? List.of() : sorted.getFirst();
    }
    Set<String> texts = new HashSet<>();
    sorted.forEach(texts::addAll);
    List<String> all = new ArrayList<>(texts);
    all.sort(TextOrder.BYTES);
    return all;
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
}
