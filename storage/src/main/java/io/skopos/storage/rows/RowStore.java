// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Deletion;
import io.skopos.storage.Frame;
import io.skopos.storage.SignalStore;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of one schema, in heads and parts. A row is visible once applied, and stays so through
 * freezing, flushing and merging; of equal identities only the latest is seen, whatever its other
 * columns, and none when a deletion hides the latest.
 *
 * <p>Queries may run on any thread beside the writers. They look at heads before manifests: rows
 * move from heads to parts and never back, so none is missed; one that is seen twice is the same
 * row.
 */
public final class RowStore implements SignalStore {

  private static final Logger log = LoggerFactory.getLogger(RowStore.class);

  private final RowSchema schema;
  private final Parts parts;
  private final Manifests manifests;
  private final UnaryOperator<String> columnOf;
  private final RowOrder order;
  private final Shard[] shards;

  /** Whose rows of which day. */
  private record Key(TenantId tenant, UtcDay day) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byTenant = tenant.compareTo(other.tenant);
      return byTenant != 0 ? byTenant : day.compareTo(other.day);
    }
  }

  /** The heads of one shard: one generation that grows, and those sealed for the next flush. */
  private static final class Shard {
    private volatile Map<Key, RowHead> active = new ConcurrentHashMap<>();
    private final List<Map<Key, RowHead>> frozen = new CopyOnWriteArrayList<>();

    /**
     * The growing one is looked up first: a generation that is being frozen is then seen once or
     * twice, never missed.
     */
    private List<Map<Key, RowHead>> generations() {
      Map<Key, RowHead> growing = active;
      List<Map<Key, RowHead>> all = new ArrayList<>(frozen);
      all.removeIf(generation -> generation == growing);
      all.add(growing);
      return all;
    }
  }

  /**
   * @param columnOf the column a matcher's label name stands for
   */
  public RowStore(
      RowSchema schema,
      Parts parts,
      Manifests manifests,
      int shardCount,
      UnaryOperator<String> columnOf) {
    this.schema = schema;
    this.parts = parts;
    this.manifests = manifests;
    this.columnOf = columnOf;
    this.order = new RowOrder(schema);
    this.shards = new Shard[shardCount];
    for (int i = 0; i < shardCount; i++) {
      shards[i] = new Shard();
    }
  }

  /**
   * Every page of a row part, for those that check them.
   *
   * @throws io.skopos.storage.part.DamagedPart when its footer cannot be understood
   */
  public static List<PageRef> pages(PartReader reader) throws IOException {
    try {
      return RowFooter.decode(reader.footer()).pages();
    } catch (DamagedBytes e) {
      throw reader.damaged(0, reader.entry().length(), "row footer: " + e.getMessage());
    }
  }

  @Override
  public Signal signal() {
    return schema.signal();
  }

  List<String> identity() {
    return schema.identity();
  }

  // --- the way in

  @Override
  public void apply(AppendedFrame appended) {
    Frame frame = appended.frame();
    RowBlock block = frame.decoded() instanceof RowBlock decoded ? decoded : decode(frame);
    if (block.rows() == 0) {
      return;
    }
    Map<Key, RowHead> heads = shards[frame.shard()].active;
    int firstDay = UtcDay.numberOf(schema.toMs(block.minTime()));
    int lastDay = UtcDay.numberOf(schema.toMs(block.maxTime()));
    if (firstDay == lastDay) {
      add(heads, appended, firstDay, block);
      return;
    }
    TreeMap<Integer, RowBlockBuilder> byDay = new TreeMap<>();
    for (int row = 0; row < block.rows(); row++) {
      int day = UtcDay.numberOf(schema.toMs(block.time(row)));
      byDay.computeIfAbsent(day, _ -> new RowBlockBuilder()).copy(block, row);
    }
    byDay.forEach((day, rows) -> add(heads, appended, day, rows.build()));
  }

  private RowBlock decode(Frame frame) {
    RowBlock block = BlockCodec.decode(frame.payload(), frame.payloadLength());
    block
        .columns()
        .forEach((name, column) -> {
          if (!schema.allows(name, column.type())) {
            throw new DamagedBytes("column '" + name + "' cannot hold " + column.type());
          }
        });
    return block;
  }

  private static void add(
      Map<Key, RowHead> heads, AppendedFrame appended, int day, RowBlock block) {
    if (!appended.alreadyInParts(day)) {
      heads
          .computeIfAbsent(new Key(appended.frame().tenant(), new UtcDay(day)), _ -> new RowHead())
          .add(block, appended.position());
    }
  }

  @Override
  public void delete(int shard, long position, TenantId tenant, Deletion deletion) {
    for (Map<Key, RowHead> heads : shards[shard].generations()) {
      heads.forEach((key, head) -> {
        if (key.tenant().equals(tenant)
            && deletion.range().overlaps(key.day().startMs(), key.day().endMs())) {
          head.delete(head.deletions().and(schema, columnOf, position, deletion));
        }
      });
    }
  }

  @Override
  public long headBytes() {
    long bytes = 0;
    for (Shard shard : shards) {
      for (Map<Key, RowHead> heads : shard.generations()) {
        for (RowHead head : heads.values()) {
          bytes += head.bytes();
        }
      }
    }
    return bytes;
  }

  // --- into parts

  @Override
  public void freeze(int shard, long position) {
    Shard heads = shards[shard];
    Map<Key, RowHead> full = heads.active;
    if (!full.isEmpty()) {
      heads.frozen.add(full);
      heads.active = new ConcurrentHashMap<>();
    }
  }

  @Override
  public void flush(long[] positions, PartPublisher publisher) throws IOException {
    TreeMap<Key, List<RowHead>> byKey = new TreeMap<>();
    for (Shard shard : shards) {
      for (Map<Key, RowHead> heads : shard.frozen) {
        heads.forEach((key, head) -> byKey.computeIfAbsent(key, _ -> new ArrayList<>()).add(head));
      }
    }
    for (Map.Entry<Key, List<RowHead>> entry : byKey.entrySet()) {
      Key key = entry.getKey();
      publisher.publish(key.tenant(), key.day(), write(key, entry.getValue()));
      for (Shard shard : shards) {
        for (Map<Key, RowHead> heads : shard.frozen) {
          // Only what was written: a generation frozen meanwhile keeps its own heads.
          heads.computeIfPresent(key, (_, head) -> entry.getValue().contains(head) ? null : head);
        }
        shard.frozen.removeIf(Map::isEmpty);
      }
    }
  }

  private @Nullable PartEntry write(Key key, List<RowHead> heads) throws IOException {
    List<RowRef> rows = new ArrayList<>();
    long minPosition = Long.MAX_VALUE;
    long maxPosition = -1;
    for (RowHead head : heads) {
      head.collect(Long.MIN_VALUE, Long.MAX_VALUE, rows);
      minPosition = Math.min(minPosition, head.minPosition());
      maxPosition = Math.max(maxPosition, head.maxPosition());
    }
    if (rows.isEmpty()) {
      return null;
    }
    boolean tombstones = leavesTombstones(key.tenant(), key.day(), List.of(), maxPosition);
    rows.sort(order);
    try (var out = parts.create(key.tenant(), schema.signal(), key.day())) {
      RowPartWriter writer = new RowPartWriter(schema, out);
      for (RowRef row : order.withoutOlder(rows)) {
        writer.add(row, tombstones);
      }
      return writer.rows() == 0 ? null : writer.finish(minPosition, maxPosition, 0);
    }
  }

  /** Whether a part besides {@code inputs} may hold older versions of rows up to the position. */
  private boolean leavesTombstones(
      TenantId tenant, UtcDay day, List<PartEntry> inputs, long maxPosition) {
    Manifest manifest = manifests.get(tenant, schema.signal(), day);
    if (schema.identity().isEmpty() || manifest == null) {
      return false;
    }
    for (PartEntry part : manifest.parts()) {
      if (!inputs.contains(part) && part.minPosition() < maxPosition) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable PartEntry merge(
      TenantId tenant, UtcDay day, List<PartEntry> inputs, List<DeletionEntry> deletions)
      throws IOException {
    RowMerge merge = new RowMerge(order);
    long minPosition = Long.MAX_VALUE;
    long maxPosition = -1;
    int level = 0;
    for (PartEntry input : inputs) {
      RowPart part =
          RowPart.open(schema, parts.open(tenant, schema.signal(), day, input).passing());
      merge.add(part, input.maxPosition(), hiding(input, deletions));
      minPosition = Math.min(minPosition, input.minPosition());
      maxPosition = Math.max(maxPosition, input.maxPosition());
      level = Math.max(level, input.level());
    }
    try (var out = parts.create(tenant, schema.signal(), day, inputs)) {
      RowPartWriter writer = new RowPartWriter(schema, out);
      merge.writeTo(writer, leavesTombstones(tenant, day, inputs, maxPosition));
      return writer.rows() == 0 ? null : writer.finish(minPosition, maxPosition, level + 1);
    }
  }

  private RowPart open(TenantId tenant, UtcDay day, PartEntry entry) throws IOException {
    return parts.opened(
        tenant, schema.signal(), day, entry, reader -> RowPart.open(schema, reader));
  }

  private RowDeletions hiding(PartEntry part, List<DeletionEntry> deletions) {
    RowDeletions hiding = RowDeletions.NONE;
    for (DeletionEntry entry : deletions) {
      if (entry.position() > part.maxPosition()) {
        hiding = hiding.and(schema, columnOf, entry.position(), entry.deletion());
      }
    }
    return hiding;
  }

  // --- questions

  /**
   * Visits the rows that fit, day by day in the query's order, until the visitor says false.
   *
   * @return what could not be read; the answer goes on without it
   */
  public List<String> scan(TenantId tenant, RowQuery query, RowQuery.Visitor visitor) {
    List<String> warnings = new ArrayList<>();
    try (Manifests.Lease lease = manifests.lease()) {
      // Heads before manifests: see the class comment.
      Map<UtcDay, List<RowHead>> heads = heads(tenant, query);
      Map<UtcDay, Manifest> published = new HashMap<>();
      for (Manifest manifest :
          manifests.overlapping(
              tenant,
              schema.signal(),
              schema.toMs(query.fromTime()),
              schema.toMs(query.toTime()))) {
        published.put(manifest.day(), manifest);
      }
      Set<UtcDay> known = new HashSet<>(heads.keySet());
      known.addAll(published.keySet());
      TreeSet<UtcDay> days = new TreeSet<>(known);
      for (UtcDay day : query.newestFirst() ? days.descendingSet() : days) {
        List<RowRef> rows =
            day(query, heads.getOrDefault(day, List.of()), published.get(day), warnings);
        if (query.newestFirst()) {
          rows = rows.reversed();
        }
        for (RowRef row : rows) {
          if (!visitor.row(row.block(), row.row())) {
            return warnings;
          }
        }
      }
    }
    return warnings;
  }

  private Map<UtcDay, List<RowHead>> heads(TenantId tenant, RowQuery query) {
    Map<UtcDay, List<RowHead>> byDay = new HashMap<>();
    for (Shard shard : shards) {
      for (Map<Key, RowHead> generation : shard.generations()) {
        generation.forEach((key, head) -> {
          if (key.tenant().equals(tenant)
              && key.day().startMs() <= schema.toMs(query.toTime())
              && key.day().endMs() >= schema.toMs(query.fromTime())) {
            byDay.computeIfAbsent(key.day(), _ -> new ArrayList<>()).add(head);
          }
        });
      }
    }
    return byDay;
  }

  /** The day's rows that fit, in ascending order. */
  private List<RowRef> day(
      RowQuery query, List<RowHead> heads, @Nullable Manifest manifest, List<String> warnings) {
    List<PartEntry> entries = manifest == null ? List.of() : manifest.parts();
    List<DeletionEntry> deletions = manifest == null ? List.of() : manifest.deletions();
    // A later row of equal identity replaces an earlier one before conditions are looked at, but
    // for those on the identity itself. A part alone holds none twice.
    boolean mayBeReplaced =
        !schema.identity().isEmpty() && (!heads.isEmpty() || entries.size() > 1);
    List<RowCondition> early = query.conditions();
    if (mayBeReplaced) {
      early = early.stream().filter(one -> schema.identity().contains(one.column())).toList();
    }
    List<RowRef> rows = new ArrayList<>();
    for (RowHead head : heads) {
      head.collect(query.fromTime(), query.toTime(), rows);
    }
    for (PartEntry entry : entries) {
      try {
        collect(query, early, manifest, entry, hiding(entry, deletions), rows);
      } catch (DamagedPart e) {
        log.warn("rows are left out of an answer: {}", e.getMessage());
        warnings.add("rows are left out: " + e.getMessage());
      } catch (IOException e) {
        log.warn("rows are left out of an answer", e);
        warnings.add("rows are left out: " + entry.object() + " cannot be read");
      }
    }
    rows.sort(order);
    List<RowRef> fitting = new ArrayList<>();
    for (RowRef row : order.withoutOlder(rows)) {
      if (fits(query.conditions(), row) && !row.hidden()) {
        fitting.add(row);
      }
    }
    return fitting;
  }

  private void collect(
      RowQuery query,
      List<RowCondition> conditions,
      @Nullable Manifest manifest,
      PartEntry entry,
      RowDeletions deletions,
      List<RowRef> into)
      throws IOException {
    if (manifest == null) {
      return;
    }
    RowPart part = open(manifest.tenant(), manifest.day(), entry);
    for (int number = 0; number < part.blocks(); number++) {
      RowPart.Candidate candidate =
          part.filter(number, query.fromTime(), query.toTime(), conditions);
      if (candidate == null) {
        continue;
      }
      RowBlock block = candidate.whole();
      for (int row = candidate.rows.nextSetBit(0);
          row >= 0;
          row = candidate.rows.nextSetBit(row + 1)) {
        into.add(new RowRef(block, row, entry.maxPosition(), deletions));
      }
    }
  }

  private static boolean fits(List<RowCondition> conditions, RowRef ref) {
    for (RowCondition condition : conditions) {
      if (!condition.fits(ref.block().column(condition.column()), ref.row())) {
        return false;
      }
    }
    return true;
  }
}
