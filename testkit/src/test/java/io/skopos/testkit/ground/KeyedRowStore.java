// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Deletion;
import io.skopos.storage.Frame;
import io.skopos.storage.SignalStore;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The smallest real store: rows in lists, parts of one page. It never drops a doubled row, so that
 * a test sees each place where a row is.
 */
final class KeyedRowStore implements SignalStore {

  private final Signal signal;
  private final Parts parts;
  private final Manifests manifests;
  private final Map<Integer, List<KeyedRow>> active = new TreeMap<>();
  private final List<KeyedRow> frozen = new ArrayList<>();

  /** Rows with this key cannot be applied. */
  volatile String poison = "";

  /** What {@link #headBytes} answers. */
  volatile long pretendedBytes;

  KeyedRowStore(Parts parts, Manifests manifests) {
    this(Signal.EVENTS, parts, manifests);
  }

  KeyedRowStore(Signal signal, Parts parts, Manifests manifests) {
    this.signal = signal;
    this.parts = parts;
    this.manifests = manifests;
  }

  static Frame frame(TenantId tenant, int shard, List<String[]> rows) {
    return frame(Signal.EVENTS, tenant, shard, rows);
  }

  /** One row per line: key, time, value. */
  static Frame frame(Signal signal, TenantId tenant, int shard, List<String[]> rows) {
    StringBuilder text = new StringBuilder();
    long minMs = Long.MAX_VALUE;
    long maxMs = Long.MIN_VALUE;
    for (String[] row : rows) {
      text.append(String.join("\t", row)).append('\n');
      minMs = Math.min(minMs, Long.parseLong(row[1]));
      maxMs = Math.max(maxMs, Long.parseLong(row[1]));
    }
    byte[] payload = text.toString().getBytes(StandardCharsets.UTF_8);
    return new Frame(
        tenant,
        signal,
        Frame.Kind.ROWS,
        shard,
        rows.size(),
        minMs,
        maxMs,
        payload,
        payload.length,
        null);
  }

  @Override
  public Signal signal() {
    return signal;
  }

  @Override
  public synchronized void apply(AppendedFrame appended) {
    Frame frame = appended.frame();
    String text = new String(frame.payload(), 0, frame.payloadLength(), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      KeyedRow row =
          KeyedRow.parse(frame.tenant(), line + "\t" + frame.shard() + "\t" + appended.position());
      if (row.key().equals(poison)) {
        throw new IllegalStateException("poisoned row " + row);
      }
      if (!appended.alreadyInParts(UtcDay.of(row.timeMs()))) {
        active.computeIfAbsent(frame.shard(), shard -> new ArrayList<>()).add(row);
      }
    }
  }

  @Override
  public synchronized void delete(int shard, long position, TenantId tenant, Deletion deletion) {
    active
        .getOrDefault(shard, new ArrayList<>())
        .removeIf(row -> row.tenant().equals(tenant) && hides(deletion, row));
    frozen.removeIf(
        row -> row.shard() == shard && row.tenant().equals(tenant) && hides(deletion, row));
  }

  private static boolean hides(Deletion deletion, KeyedRow row) {
    for (Matcher matcher : deletion.matchers()) {
      if (!matcher.value().equals(row.group())) {
        return false;
      }
    }
    return deletion.range().contains(row.timeMs());
  }

  @Override
  public synchronized void freeze(int shard, long position) {
    List<KeyedRow> rows = active.remove(shard);
    if (rows != null) {
      frozen.addAll(rows);
    }
  }

  @Override
  public void flush(long[] positions, PartPublisher publisher) throws IOException {
    Map<TenantId, Map<UtcDay, List<KeyedRow>>> days = new TreeMap<>();
    synchronized (this) {
      for (KeyedRow row : frozen) {
        days.computeIfAbsent(row.tenant(), tenant -> new TreeMap<>())
            .computeIfAbsent(UtcDay.of(row.timeMs()), day -> new ArrayList<>())
            .add(row);
      }
    }
    for (var tenant : days.entrySet()) {
      for (var day : tenant.getValue().entrySet()) {
        PartEntry part = write(tenant.getKey(), day.getKey(), day.getValue(), List.of(), 0);
        publisher.publish(tenant.getKey(), day.getKey(), part);
        synchronized (this) {
          frozen.removeAll(day.getValue());
        }
      }
    }
  }

  @Override
  public @Nullable PartEntry merge(
      TenantId tenant, UtcDay day, List<PartEntry> inputs, List<DeletionEntry> deletions)
      throws IOException {
    List<KeyedRow> rows = new ArrayList<>();
    int level = 0;
    for (PartEntry input : inputs) {
      rows.addAll(read(tenant, day, input, deletions));
      level = Math.max(level, input.level() + 1);
    }
    return rows.isEmpty() ? null : write(tenant, day, rows, inputs, level);
  }

  @Override
  public long headBytes() {
    return pretendedBytes;
  }

  private PartEntry write(
      TenantId tenant, UtcDay day, List<KeyedRow> rows, List<PartEntry> replaces, int level)
      throws IOException {
    StringBuilder text = new StringBuilder();
    long minMs = Long.MAX_VALUE;
    long maxMs = Long.MIN_VALUE;
    long minPosition = Long.MAX_VALUE;
    long maxPosition = -1;
    for (KeyedRow row : rows) {
      text.append(row.line()).append('\n');
      minMs = Math.min(minMs, row.timeMs());
      maxMs = Math.max(maxMs, row.timeMs());
      minPosition = Math.min(minPosition, row.position());
      maxPosition = Math.max(maxPosition, row.position());
    }
    byte[] page = text.toString().getBytes(StandardCharsets.UTF_8);
    try (PartWriter writer = parts.create(tenant, signal, day, replaces)) {
      PageRef ref = writer.page(page, 0, page.length, PartWriter.Codec.COMPRESSED);
      byte[] footer =
          ByteBuffer.allocate(16)
              .putLong(ref.offset())
              .putInt(ref.storedLength())
              .putInt(ref.length())
              .array();
      return writer.finish(
          footer,
          new PartWriter.Summary(rows.size(), minMs, maxMs, minPosition, maxPosition, level));
    }
  }

  private List<KeyedRow> read(
      TenantId tenant, UtcDay day, PartEntry part, List<DeletionEntry> deletions)
      throws IOException {
    PartReader reader = parts.open(tenant, signal, day, part);
    ByteBuffer footer = ByteBuffer.wrap(reader.footer());
    PageRef ref = new PageRef(footer.getLong(), footer.getInt(), footer.getInt());
    String text;
    try (Page page = reader.page(ref)) {
      byte[] bytes = page.bytes().toArray(ValueLayout.JAVA_BYTE);
      text = new String(bytes, 0, ref.length(), StandardCharsets.UTF_8);
    }
    List<KeyedRow> rows = new ArrayList<>();
    for (String line : text.lines().toList()) {
      KeyedRow row = KeyedRow.parse(tenant, line);
      boolean hidden = false;
      for (DeletionEntry entry : deletions) {
        hidden |= part.maxPosition() < entry.position() && hides(entry.deletion(), row);
      }
      if (!hidden) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** Every visible row, as often as it is there. */
  synchronized List<KeyedRow> all() throws IOException {
    List<KeyedRow> rows = new ArrayList<>(frozen);
    active.values().forEach(rows::addAll);
    try (Manifests.Lease lease = manifests.lease()) {
      for (TenantId tenant : manifests.tenants(signal)) {
        for (UtcDay day : manifests.days(tenant, signal)) {
          Manifest manifest = manifests.get(tenant, signal, day);
          if (manifest != null) {
            for (PartEntry part : manifest.parts()) {
              rows.addAll(read(tenant, day, part, manifest.deletions()));
            }
          }
        }
      }
    }
    rows.sort(Comparator.comparingLong(KeyedRow::position).thenComparing(KeyedRow::key));
    return rows;
  }

  /** Value by key; later positions win. */
  Map<String, String> values() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (KeyedRow row : all()) {
      values.put(row.key(), row.value());
    }
    return values;
  }
}
