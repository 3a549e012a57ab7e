// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.frame.FrameCodec;
import io.skopos.logs.store.frame.FrameRows;
import io.skopos.logs.store.head.DayHead;
import io.skopos.logs.store.head.HeadFlush;
import io.skopos.logs.store.head.HeadMemory;
import io.skopos.logs.store.head.Heads;
import io.skopos.logs.store.part.LogPart;
import io.skopos.logs.store.part.LogPartMerger;
import io.skopos.logs.store.part.LogPartWriter;
import io.skopos.logs.store.select.Selections;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Deletion;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.SignalStore;
import io.skopos.storage.head.HeadTable.TenantDay;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.Parts;
import io.skopos.storage.retention.HiddenRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log store: applies frames to heads, writes heads as parts, answers from both. An entry's
 * identity is all of it: stream, time, line and metadata.
 */
public final class LogStore implements SignalStore, LogSource {

  private final Parts parts;
  private final HeadMemory memory;
  private final Heads heads;
  private final Selections selections;
  private final StoreMetrics metrics;
  private final EntryConsumer consumer;

  public LogStore(
      Sharding sharding,
      Parts parts,
      Manifests manifests,
      MemoryBudget budget,
      PrometheusRegistry registry) {
    this(sharding, parts, manifests, budget, EntryConsumer.NONE, registry);
  }

  /**
   * @param consumer told of all entries
   */
  public LogStore(
      Sharding sharding,
      Parts parts,
      Manifests manifests,
      MemoryBudget budget,
      EntryConsumer consumer,
      PrometheusRegistry registry) {
    this.consumer = consumer;
    this.parts = parts;
    this.memory = new HeadMemory(budget);
    this.heads = new Heads(sharding.shardCount(), memory);
    this.selections = new Selections(heads, manifests, parts);
    this.metrics = new StoreMetrics(registry, heads, memory);
  }

  /** From now on answers leave out these rows, which are stored. */
  public void hide(HiddenRows hidden) {
    selections.hide(hidden);
  }

  /**
   * Every page of a part, for those that check them.
   *
   * @throws io.skopos.storage.part.DamagedPart when its footer or index cannot be understood
   */
  public static List<PageRef> pages(PartReader reader) throws IOException {
    return LogPart.open(reader).pages();
  }

  @Override
  public Signal signal() {
    return Signal.LOGS;
  }

  // ---- rows in

  @Override
  public void apply(AppendedFrame appended) {
    Frame frame = appended.frame();
    FrameRows rows =
        frame.decoded() instanceof FrameRows decoded
            ? decoded
            : FrameCodec.decode(frame.payload(), frame.payloadLength());
    if (rows.rows() == 0) {
      return;
    }
    consumer.applied(frame.tenant(), frame.shard(), rows, appended.position());
    int firstDay = UtcDay.numberOf(frame.minTimeMs());
    int lastDay = UtcDay.numberOf(frame.maxTimeMs());
    if (firstDay == lastDay) {
      apply(appended, firstDay, rows);
    } else {
      rows.byDay().forEach((day, some) -> apply(appended, day, some));
    }
    metrics.applied(rows.rows());
  }

  private void apply(AppendedFrame appended, int day, FrameRows rows) {
    if (!appended.alreadyInParts(day)) {
      Frame frame = appended.frame();
      heads.active(frame.shard(), frame.tenant(), day).apply(rows, appended.position());
    }
  }

  @Override
  public void delete(int shard, long position, TenantId tenant, Deletion deletion) {
    heads.delete(shard, tenant, deletion);
  }

  // ---- from heads to parts

  @Override
  public void freeze(int shard, long position) {
    heads.freeze(shard, position);
    consumer.freeze(shard, position);
  }

  @Override
  public void flush(long[] positions, PartPublisher publisher) throws IOException {
    heads.flush(positions, publisher, (day, group, _) -> write(day, group));
    consumer.flush(positions);
  }

  private @Nullable PartEntry write(TenantDay day, List<DayHead> group) throws IOException {
    HeadFlush flush = new HeadFlush(group);
    try (LogPartWriter writer =
        new LogPartWriter(parts.create(day.tenant(), Signal.LOGS, day.day()))) {
      flush.writeTo(writer);
      if (writer.isEmpty()) {
        return null;
      }
      PartEntry entry = writer.finish(flush.minPosition(), flush.maxPosition(), 0);
      metrics.flushed(entry.rows());
      return entry;
    }
  }

  @Override
  public @Nullable PartEntry merge(
      TenantId tenant, UtcDay day, List<PartEntry> inputs, List<DeletionEntry> deletions)
      throws IOException {
    List<LogPart> opened = new ArrayList<>();
    for (PartEntry entry : inputs) {
      opened.add(LogPart.open(parts.open(tenant, Signal.LOGS, day, entry).passing()));
    }
    return LogPartMerger.merge(opened, deletions, parts.create(tenant, Signal.LOGS, day, inputs));
  }

  @Override
  public long headBytes() {
    return memory.bytes();
  }

  // ---- questions

  @Override
  public List<String> scan(LogSelection selection, QueryBudget budget, RunVisitor visitor) {
    return selections.scan(selection, budget, visitor);
  }

  @Override
  public Collection<Labels> streams(
      TenantId tenant, List<Matcher> matchers, long fromNs, long toNs, QueryBudget budget) {
    return selections.streams(tenant, matchers, fromNs, toNs, budget);
  }

  @Override
  public List<String> volumes(
      TenantId tenant,
      List<Matcher> matchers,
      long fromNs,
      long toNs,
      QueryBudget budget,
      VolumeVisitor visitor) {
    return selections.volumes(tenant, matchers, fromNs, toNs, budget, visitor);
  }
}
