// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.damage;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TimeRange;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of findings, at most {@value #MAX_LISTED}; the oldest fall off, the counters keep them.
 * The same finding about the same file is listed, counted and logged once for as long as it is on
 * the list. Thread-safe.
 */
public final class DamagedFiles {

  public static final int MAX_LISTED = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(DamagedFiles.class);

  private final InstantSource clock;
  private final LinkedHashMap<Finding, DamagedFile> listed = new LinkedHashMap<>();
  private final Counter files;
  private final Counter bytes;

  public DamagedFiles(InstantSource clock, PrometheusRegistry registry) {
    this.clock = clock;
    this.files =
        Counter.builder()
            .name("skopos_storage_damaged_files_total")
            .help("Findings of damage in files of the data directory.")
            .labelNames("kind")
            .register(registry);
    this.bytes =
        Counter.builder()
            .name("skopos_storage_damaged_bytes_total")
            .help("Bytes that cannot be used because of damage.")
            .labelNames("kind")
            .register(registry);
    for (DamagedFile.Kind kind : DamagedFile.Kind.values()) {
      files.initLabelValues(kind.key());
      bytes.initLabelValues(kind.key());
    }
  }

  public void report(
      DamagedFile.Kind kind,
      String file,
      String what,
      @Nullable TimeRange range,
      long damagedBytes) {
    DamagedFile damaged = new DamagedFile(kind, file, what, range, damagedBytes, clock.instant());
    if (!add(damaged)) {
      return;
    }
    files.labelValues(kind.key()).inc();
    bytes.labelValues(kind.key()).inc(damagedBytes);
    LOG.error(
        "damaged {} {}: {} ({} bytes, rows {})",
        kind.key(),
        file,
        what,
        damagedBytes,
        range == null ? "of unknown time" : "from " + range.fromMs() + " to " + range.toMs());
  }

  /** Oldest first. */
  public List<DamagedFile> list() {
    synchronized (listed) {
      return List.copyOf(listed.values());
    }
  }

  private boolean add(DamagedFile damaged) {
    synchronized (listed) {
      if (listed.putIfAbsent(new Finding(damaged.file(), damaged.what()), damaged) != null) {
        return false;
      }
      if (listed.size() > MAX_LISTED) {
        listed.pollFirstEntry();
      }
      return true;
    }
  }

  private record Finding(String file, String what) {}
}
