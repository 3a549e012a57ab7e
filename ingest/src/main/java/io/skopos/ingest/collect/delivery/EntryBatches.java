// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.delivery;

import io.skopos.ingest.collect.stage.Entry;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discoveries;
import io.skopos.logs.wire.Discovery;
import io.skopos.logs.wire.MetadataBuffer;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entries gathered by tenant, until they are taken away. Used by one thread. */
public final class EntryBatches {

  /** Label sets of which is remembered what is found out about them. */
  private static final int MAX_KNOWN_LABELS = 4096;

  /** What a row costs beside its line, about. */
  private static final int ROW_BYTES = 24;

  private final TenantId tenant;
  private final Discoveries discoveries;
  private final Map<String, Labels> levels = new HashMap<>();
  private final Map<Map<String, String>, Known> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, String>, Known> eldest) {
          return size() > MAX_KNOWN_LABELS;
        }
      };

  /**
   * A label set that entries had.
   *
   * @param by what found out the rest
   * @param stream with what is found out about it
   * @param level what it tells of the level; null when it does not
   */
  private record Known(Labels labels, Discovery by, Labels stream, @Nullable String level) {

    static Known of(Labels labels, Discovery by) {
      String level = by.levels() ? by.levelOf(labels) : null;
      return new Known(labels, by, by.withServiceName(labels), level);
    }
  }

  private Map<TenantId, LogBatch> batches = new HashMap<>();
  private @Nullable LogBatch own;
  private @Nullable Discovery ownDiscovery;
  private long bytes;
  private int rows;

  /**
   * @param tenant of entries whose stages name none
   * @param discoveries what is to be found out about entries
   */
  public EntryBatches(TenantId tenant, Discoveries discoveries) {
    this.tenant = tenant;
    this.discoveries = discoveries;
  }

  /** The stream of labels, with what is found out about it, in the common tenant's batch. */
  public Stream stream(Labels labels) {
    if (own == null) {
      own = batches.computeIfAbsent(tenant, _ -> new LogBatch());
      ownDiscovery = discoveries.of(tenant);
    }
    Discovery discovery = Objects.requireNonNull(ownDiscovery);
    Labels found = discovery.withServiceName(labels);
    String level = discovery.levels() ? discovery.levelOf(labels) : null;
    return new Stream(own, own.stream(found), discovery, level == null ? null : metadata(level));
  }

  /**
   * A stream within a batch.
   *
   * @param level what its labels tell of the level; null when they do not
   */
  public record Stream(LogBatch batch, int number, Discovery discovery, @Nullable Labels level) {}

  /** Whether the stream is of the batch that is filled now. */
  public boolean isCurrent(@Nullable Stream stream) {
    return stream != null && stream.batch == own;
  }

  /**
   * Adds a line of the common tenant.
   *
   * @param stream of the batch that is filled now
   */
  public void add(Stream stream, long timeNs, byte[] line, int from, int length) {
    stream.batch.entry(stream.number, timeNs, line, from, length);
    if (stream.discovery.levels()) {
      Labels level = stream.level;
      stream.batch.metadata(
          level != null
              ? level
              : MetadataBuffer.levelOnly(stream.discovery.levelOfLine(line, from, from + length)));
    }
    counted(length);
  }

  private Labels metadata(String level) {
    Labels labels = levels.get(level);
    if (labels == null) {
      labels = Labels.of(Discovery.DETECTED_LEVEL, level);
      if (levels.size() < MAX_KNOWN_LABELS) {
        levels.put(level, labels);
      }
    }
    return labels;
  }

  /**
   * Adds what stages made of a line.
   *
   * @param otherwise the labels when the stages left none
   */
  public void add(Entry entry, Labels otherwise) {
    TenantId owner = entry.tenant == null ? tenant : tenant(entry.tenant);
    LogBatch batch = batches.computeIfAbsent(owner, _ -> new LogBatch());
    Discovery discovery = discoveries.of(owner);
    Known given =
        entry.labels.isEmpty() ? Known.of(otherwise, discovery) : known(entry.labels, discovery);
    byte[] line = entry.line.getBytes(StandardCharsets.UTF_8);
    batch.entry(batch.stream(given.stream), entry.timeNs, line, 0, line.length);
    Labels metadata =
        entry.metadata == null || entry.metadata.isEmpty()
            ? Labels.EMPTY
            : known(entry.metadata, discovery).labels;
    if (discovery.levels() && !metadata.has(Discovery.DETECTED_LEVEL)) {
      String level = given.level;
      if (level == null && !metadata.isEmpty()) {
        level = discovery.levelOf(metadata);
      }
      if (level == null) {
        level = discovery.levelOfLine(line, 0, line.length).word();
      }
      metadata =
          metadata.isEmpty()
              ? metadata(level)
              : new LabelsBuilder(metadata).set(Discovery.DETECTED_LEVEL, level).build();
    }
    batch.metadata(metadata);
    counted(line.length);
  }

  private TenantId tenant(String name) {
    try {
      return new TenantId(name);
    } catch (IllegalArgumentException e) {
      return tenant;
    }
  }

  @SuppressWarnings("ReferenceEquality") // it is the same until settings change
  private Known known(Map<String, String> labels, Discovery discovery) {
    Known before = known.get(labels);
    if (before != null && before.by == discovery) {
      return before;
    }
    Known made = Known.of(before == null ? Labels.of(labels) : before.labels, discovery);
    known.put(new TreeMap<>(labels), made);
    return made;
  }

  private void counted(int length) {
    bytes += length + ROW_BYTES;
    rows++;
  }

  /** About what the entries take in memory. */
  public long bytes() {
    return bytes;
  }

  public int rows() {
    return rows;
  }

  /** Hands over what was gathered. */
  public Map<TenantId, LogBatch> take() {
    Map<TenantId, LogBatch> taken = batches;
    taken.values().removeIf(batch -> batch.rows() == 0);
    batches = new HashMap<>();
    own = null;
    ownDiscovery = null;
    bytes = 0;
    rows = 0;
    return taken;
  }
}
