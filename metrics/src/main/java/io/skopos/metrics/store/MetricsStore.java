// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.frame.FrameDecoder;
import io.skopos.metrics.store.frame.FrameRows;
import io.skopos.metrics.store.frame.LabelBlock;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.head.HeadFlush;
import io.skopos.metrics.store.head.Heads;
import io.skopos.metrics.store.head.SlabPool;
import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.metrics.store.part.MetricsPartMerger;
import io.skopos.metrics.store.part.MetricsPartWriter;
import io.skopos.metrics.store.select.Selections;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Deletion;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.SignalStore;
import io.skopos.storage.head.HeadTable.DayWriter;
import io.skopos.storage.head.HeadTable.TenantDay;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.part.Parts;
import io.skopos.storage.retention.HiddenRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The metrics store: applies frames to heads, writes heads as parts, answers from both. The heads'
 * design is in {@code store.head}, answering in {@code store.select}.
 */
public final class MetricsStore implements SignalStore, SampleSource {

  private final Parts parts;
  private final SlabPool pool;
  private final Heads heads;
  private final MetadataTable metadata = new MetadataTable();
  private final MetadataQuery metadataQuery;
  private final Selections selections;
  private final StoreMetrics metrics;

  public MetricsStore(
      Sharding sharding,
      Parts parts,
      Manifests manifests,
      MemoryBudget budget,
      PrometheusRegistry registry) {
    this.parts = parts;
    this.pool = new SlabPool(budget);
    this.heads = new Heads(sharding.shardCount(), pool);
    this.metadataQuery = new MetadataQuery(metadata, manifests, parts);
    this.selections = new Selections(heads, manifests, parts);
    this.metrics = new StoreMetrics(registry, heads, pool);
  }

  @Override
  public Signal signal() {
    return Signal.METRICS;
  }

  /** From now on questions do not see these rows. */
  public void hide(HiddenRows hidden) {
    selections.hide(hidden);
  }

  // ---- rows in

  @Override
  public void apply(AppendedFrame appended) {
    Frame frame = appended.frame();
    FrameRows rows =
        frame.decoded() instanceof FrameRows decoded
            ? decoded
            : FrameDecoder.decode(frame.payload(), frame.payloadLength());
    if (rows.withMetadata()) {
      metrics.metadataDropped(metadata.add(frame.tenant(), rows.batch().metadata()));
    }
    if (rows.count() == 0 || frame.rows() == 0) {
      return;
    }
    int firstDay = UtcDay.numberOf(frame.minTimeMs());
    if (firstDay == UtcDay.numberOf(frame.maxTimeMs())) {
      if (!appended.alreadyInParts(firstDay)) {
        applyDay(frame, appended.position(), firstDay, rows);
      }
    } else {
      applyDays(appended, rows);
    }
    metrics.applied(frame.rows());
  }

  private void applyDay(Frame frame, long position, int day, FrameRows rows) {
    DayHead head = heads.active(frame.shard(), frame.tenant(), day);
    head.beginFrame(position);
    if (rows.stretches().isEmpty()) {
      applySeries(head, rows, 0, rows.count(), null);
    } else {
      for (FrameRows.Stretch stretch : rows.stretches()) {
        LabelBlock block = stretch.block();
        int[] ordinals = block == null ? null : head.ordinals(block.id(), block.size());
        applySeries(head, rows, stretch.from(), stretch.to(), ordinals);
      }
    }
    for (SampleBatch.ExemplarRow row : rows.exemplars()) {
      addExemplar(head, rows.batch(), row);
    }
    head.endFrame(frame.minTimeMs(), frame.maxTimeMs());
  }

  /**
   * @param ordinals of these series where known, which are completed; null when none is
   */
  private static void applySeries(
      DayHead head, FrameRows rows, int from, int to, int @Nullable [] ordinals) {
    SampleBatch batch = rows.batch();
    byte[] labels = batch.labelBytes();
    boolean extended = batch.hasHistograms() || batch.hasStarts();
    for (int i = from; i < to; i++) {
      int series = rows.series()[i];
      int sample = batch.sampleStart(series);
      int end = batch.sampleEnd(series);
      if (sample == end) {
        continue;
      }
      int ordinal = ordinals == null ? -1 : ordinals[i - from];
      if (ordinal < 0) {
        int start = batch.labelStart(series);
        ordinal = head.series(labels, start, batch.labelEnd(series) - start, batch.hash(series));
        if (ordinals != null) {
          ordinals[i - from] = ordinal;
        }
      }
      for (; sample < end; sample++) {
        if (extended) {
          appendExtended(head, ordinal, batch, sample);
        } else {
          head.append(ordinal, batch.timeMs(sample), batch.value(sample));
        }
      }
    }
  }

  private static void appendExtended(DayHead head, int ordinal, SampleBatch batch, int sample) {
    head.append(
        ordinal,
        batch.timeMs(sample),
        batch.value(sample),
        batch.histogramAt(sample),
        batch.startMs(sample));
  }

  private void addExemplar(DayHead head, SampleBatch batch, SampleBatch.ExemplarRow row) {
    int series = row.series();
    int start = batch.labelStart(series);
    int ordinal =
        head.series(batch.labelBytes(), start, batch.labelEnd(series) - start, batch.hash(series));
    if (!head.exemplar(ordinal, row.exemplar())) {
      metrics.exemplarDropped();
    }
  }

  /** A frame over several days: around midnight, and when old data is filled in. */
  private void applyDays(AppendedFrame appended, FrameRows rows) {
    Frame frame = appended.frame();
    SampleBatch batch = rows.batch();
    boolean extended = batch.hasHistograms() || batch.hasStarts();
    DayHead head = null;
    for (int i = 0; i < rows.count(); i++) {
      int series = rows.series()[i];
      int start = batch.labelStart(series);
      int length = batch.labelEnd(series) - start;
      int ordinal = -1;
      for (int sample = batch.sampleStart(series); sample < batch.sampleEnd(series); sample++) {
        long time = batch.timeMs(sample);
        int day = UtcDay.numberOf(time);
        if (appended.alreadyInParts(day)) {
          continue;
        }
        if (head == null || head.day().number() != day) {
          head = goOn(head, appended, day);
          ordinal = -1;
        }
        if (ordinal < 0) {
          ordinal = head.series(batch.labelBytes(), start, length, batch.hash(series));
        }
        if (extended) {
          appendExtended(head, ordinal, batch, sample);
        } else {
          head.append(ordinal, time, batch.value(sample));
        }
      }
    }
    for (SampleBatch.ExemplarRow row : rows.exemplars()) {
      int day = UtcDay.numberOf(row.exemplar().timeMs());
      if (!appended.alreadyInParts(day)) {
        if (head == null || head.day().number() != day) {
          head = goOn(head, appended, day);
        }
        addExemplar(head, batch, row);
      }
    }
    if (head != null) {
      head.endFrame(frame.minTimeMs(), frame.maxTimeMs());
    }
  }

  /** From one day's head to another's. */
  private DayHead goOn(@Nullable DayHead before, AppendedFrame appended, int day) {
    Frame frame = appended.frame();
    if (before != null) {
      before.endFrame(frame.minTimeMs(), frame.maxTimeMs());
    }
    DayHead head = heads.active(frame.shard(), frame.tenant(), day);
    head.beginFrame(appended.position());
    return head;
  }

  @Override
  public void delete(int shard, long position, TenantId tenant, Deletion deletion) {
    heads.delete(shard, tenant, deletion);
  }

  // ---- from heads to parts

  @Override
  public void freeze(int shard, long position) {
    heads.freeze(shard, position);
  }

  @Override
  public void flush(long[] positions, PartPublisher publisher) throws IOException {
    heads.flush(
        positions,
        publisher,
        new DayWriter<>() {
          @Override
          public @Nullable PartEntry write(TenantDay day, List<DayHead> group, boolean latest)
              throws IOException {
            return MetricsStore.this.write(day, group, latest);
          }

          @Override
          public void ended(TenantId tenant) {
            if (heads.heads(tenant).isEmpty()) {
              metadata.forget(tenant);
            }
          }
        });
  }

  /**
   * @param withMetadata for the latest of a tenant's days
   */
  private @Nullable PartEntry write(TenantDay day, List<DayHead> group, boolean withMetadata)
      throws IOException {
    HeadFlush flush = new HeadFlush(group);
    try (MetricsPartWriter writer =
        new MetricsPartWriter(parts.create(day.tenant(), Signal.METRICS, day.day()))) {
      if (withMetadata) {
        metadata.forEach(
            day.tenant(), (metric, rows) -> writer.metadata(metric, rows.getFirst().metadata()));
      }
      flush.writeTo(writer);
      if (writer.isEmpty()) {
        return null;
      }
      metrics.flushed(writer.sampleCount());
      return writer.finish(flush.minPosition(), flush.maxPosition(), 0);
    }
  }

  @Override
  public @Nullable PartEntry merge(
      TenantId tenant, UtcDay day, List<PartEntry> inputs, List<DeletionEntry> deletions)
      throws IOException {
    List<MetricsPartMerger.Input> opened = new ArrayList<>();
    for (PartEntry entry : inputs) {
      opened.add(
          new MetricsPartMerger.Input(
              MetricsPart.open(parts.open(tenant, Signal.METRICS, day, entry).passing()), entry));
    }
    return MetricsPartMerger.merge(
        opened, deletions, parts.create(tenant, Signal.METRICS, day, inputs));
  }

  @Override
  public long headBytes() {
    return heads.bytes();
  }

  // ---- questions

  @Override
  public Selection select(
      TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    return selections.select(tenant, matchers, range, null, budget);
  }

  @Override
  public Selection select(
      TenantId tenant,
      List<Matcher> matchers,
      TimeRange range,
      Collection<String> names,
      QueryBudget budget) {
    return selections.select(tenant, matchers, range, names, budget);
  }

  @Override
  public List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return selections.series(tenant, selectors, range, limit, budget);
  }

  @Override
  public List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return selections.labelNames(tenant, selectors, range, limit, budget);
  }

  @Override
  public List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return selections.labelValues(tenant, name, selectors, range, limit, budget);
  }

  @Override
  public List<SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return selections.exemplars(tenant, selectors, range, limit, budget);
  }

  @Override
  public Map<String, List<MetricMetadata>> metadata(
      TenantId tenant, String metric, int limit, int limitPerMetric) {
    return metadataQuery.answer(tenant, metric, limit, limitPerMetric);
  }

  @Override
  public Cardinality cardinality(TenantId tenant, int limit) {
    return selections.cardinality(tenant, limit);
  }

  @Override
  public CardinalityReport cardinality(
      TenantId tenant, CardinalityRequest request, QueryBudget budget) {
    return selections.cardinality(tenant, request, budget);
  }

  @Override
  public CardinalityReport cardinalityByTenant(
      @Nullable Set<TenantId> among, CardinalityRequest request, QueryBudget budget) {
    return selections.cardinalityByTenant(among, request, budget);
  }
}
