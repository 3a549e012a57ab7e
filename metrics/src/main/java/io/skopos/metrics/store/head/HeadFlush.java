// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleMerge;
import io.skopos.metrics.store.part.MetricsPartWriter;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes frozen heads of one tenant's day as one part, series in label order. */
public final class HeadFlush {

  private final List<DayHead> heads;

  /** Entry e is series {@code ordinals[e]} of head {@code owners[e]}. */
  private final int[] owners;

  private final int[] ordinals;
  private final int[] order;
  private final LabelOrder labelOrder = new LabelOrder();

  /** Per head, exemplars by ordinal. */
  private final List<Int2ObjectMap<List<Exemplar>>> exemplars = new ArrayList<>();

  /**
   * @param heads older first: of equal rows the later head's are written
   */
  public HeadFlush(List<DayHead> heads) {
    this.heads = heads;
    int total = 0;
    for (DayHead head : heads) {
      total += head.seriesCount();
    }
    owners = new int[total];
    ordinals = new int[total];
    order = new int[total];
    int entry = 0;
    for (int owner = 0; owner < heads.size(); owner++) {
      DayHead head = heads.get(owner);
      int series = head.seriesCount();
      Int2ObjectMap<List<Exemplar>> own = new Int2ObjectOpenHashMap<>();
      head.exemplars(
          TimeRange.ALL,
          null,
          (exemplar, ordinal) ->
              own.computeIfAbsent(ordinal, key -> new ArrayList<>(4)).add(exemplar));
      exemplars.add(own);
      for (int ordinal = 0; ordinal < series; ordinal++) {
        owners[entry] = owner;
        ordinals[entry] = ordinal;
        order[entry] = entry;
        entry++;
      }
    }
    IntArrays.quickSort(order, this::compare);
  }

  private int compare(int left, int right) {
    int byLabels = compareLabels(left, right);
    return byLabels != 0 ? byLabels : Integer.compare(owners[left], owners[right]);
  }

  private int compareLabels(int left, int right) {
    return labelOrder.compare(
        heads.get(owners[left]), ordinals[left], heads.get(owners[right]), ordinals[right]);
  }

  /** Adds all series that have samples. */
  public void writeTo(MetricsPartWriter writer) throws IOException {
    SampleBuffer samples = new SampleBuffer();
    SampleBuffer spare = new SampleBuffer();
    SampleBuffer later = new SampleBuffer();
    int at = 0;
    while (at < order.length) {
      int first = order[at];
      samples.clear();
      read(first, samples, spare);
      List<Exemplar> seriesExemplars = exemplars(first);
      at++;
      while (at < order.length && compareLabels(first, order[at]) == 0) {
        later.clear();
        read(order[at], later, spare);
        SampleMerge.into(samples, 0, later);
        seriesExemplars.addAll(exemplars(order[at]));
        at++;
      }
      if (samples.size > 0 || !seriesExemplars.isEmpty()) {
        Labels labels = heads.get(owners[first]).labels(ordinals[first]);
        writer.series(labels.canonicalBytes(), 0, labels.canonicalBytes().length);
        writer.samples(samples);
        writer.exemplars(seriesExemplars);
      }
    }
  }

  private void read(int entry, SampleBuffer into, SampleBuffer spare) {
    DayHead head = heads.get(owners[entry]);
    int ordinal = ordinals[entry];
    long side = head.publishedSide(ordinal);
    head.read(head.publishedMain(ordinal), side, Long.MIN_VALUE, Long.MAX_VALUE, into, spare);
  }

  private List<Exemplar> exemplars(int entry) {
    return exemplars.get(owners[entry]).getOrDefault(ordinals[entry], new ArrayList<>(0));
  }

  public long minPosition() {
    return heads.stream().mapToLong(DayHead::minPosition).min().orElse(-1);
  }

  public long maxPosition() {
    return heads.stream().mapToLong(DayHead::maxPosition).max().orElse(-1);
  }
}
