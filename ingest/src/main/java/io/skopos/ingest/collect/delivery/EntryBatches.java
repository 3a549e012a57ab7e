// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.delivery;

import io.skopos.ingest.collect.stage.Entry;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entries gathered by tenant, until they are taken away. Used by one thread. */
public final class EntryBatches {

  /** Label sets whose canonical form is remembered. */
  private static final int MAX_KNOWN_LABELS = 4096;

  /** What a row costs beside its line, about. */
  private static final int ROW_BYTES = 24;

  private final TenantId tenant;
  private final Map<Map<String, String>, Labels> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, String>, Labels> eldest) {
          return size() > MAX_KNOWN_LABELS;
        }
      };
  private Map<TenantId, LogBatch> batches = new HashMap<>();
  private @Nullable LogBatch own;
  private long bytes;
  private int rows;

  /**
   * @param tenant of entries whose stages name none
   */
  public EntryBatches(TenantId tenant) {
    this.tenant = tenant;
  }

  /** The batch of the common tenant; another one after {@link #take}. */
  public LogBatch own() {
    if (own == null) {
      own = batches.computeIfAbsent(tenant, _ -> new LogBatch());
    }
    return own;
  }

  /** Adds a line of the common tenant. */
  public void add(int stream, long timeNs, byte[] line, int from, int length) {
    own().entry(stream, timeNs, line, from, length);
    counted(length);
  }

  /**
   * Adds what stages made of a line.
   *
   * @param otherwise the labels when the stages left none
   */
  public void add(Entry entry, Labels otherwise) {
    LogBatch batch = entry.tenant == null ? own() : batch(entry.tenant);
    Labels labels = labels(entry.labels);
    byte[] line = entry.line.getBytes(StandardCharsets.UTF_8);
    batch.entry(
        batch.stream(labels.isEmpty() ? otherwise : labels), entry.timeNs, line, 0, line.length);
    if (entry.metadata != null && !entry.metadata.isEmpty()) {
      batch.metadata(labels(entry.metadata));
    }
    counted(line.length);
  }

  private LogBatch batch(String name) {
    try {
      return batches.computeIfAbsent(new TenantId(name), _ -> new LogBatch());
    } catch (IllegalArgumentException e) {
      return own();
    }
  }

  private Labels labels(Map<String, String> labels) {
    Labels canonical = known.get(labels);
    if (canonical == null) {
      canonical = Labels.of(labels);
      known.put(new TreeMap<>(labels), canonical);
    }
    return canonical;
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
    bytes = 0;
    rows = 0;
    return taken;
  }
}
