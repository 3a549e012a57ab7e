// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.collect.StoredEntries;
import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.collect.stage.StageParser;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.wire.Discoveries;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.RealDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A collector under test, with positions that outlive it. */
final class Tailing implements AutoCloseable {

  static final TenantId TENANT = new TenantId("tester");

  /** Nothing is found out about entries, so that they are what was written. */
  private static final LogsConfig PLAIN = StoredEntries.PLAIN;

  final PrometheusRegistry registry = new PrometheusRegistry();
  final CollectMetrics metrics = new CollectMetrics(registry);
  final FileCollector collector;
  private final Positions positions;

  Tailing(Path state, Intake intake, FileJob... jobs) throws IOException {
    this(new RealDisk(), state, intake, jobs);
  }

  Tailing(Disk disk, Path state, Intake intake, FileJob... jobs) throws IOException {
    this(disk, state, intake, new TailSettings(200, 300, 1000, 100, 4096, false, 16 << 20), jobs);
  }

  Tailing(Path state, Intake intake, TailSettings settings, FileJob... jobs) throws IOException {
    this(new RealDisk(), state, intake, settings, jobs);
  }

  private Tailing(Disk disk, Path state, Intake intake, TailSettings settings, FileJob... jobs)
      throws IOException {
    positions = Positions.open(disk, state);
    collector =
        new FileCollector(
            settings,
            new EntryBatches(TENANT, new Discoveries(_ -> PLAIN)),
            new Delivery(intake, SourceKind.FILES, metrics),
            positions,
            InstantSource.system(),
            ZoneOffset.UTC,
            metrics);
    collector.follow(List.of(jobs));
    collector.start();
  }

  static FileJob job(String pattern) {
    return job(pattern, "");
  }

  static FileJob job(String pattern, String stages) {
    return job(pattern, stages, TextEncoding.UTF_8, null, false);
  }

  static FileJob job(
      String pattern,
      String stages,
      TextEncoding encoding,
      @Nullable PackedFormat packed,
      boolean hostLogs) {
    Stages parsed;
    try {
      parsed =
          new StageParser(InstantSource.system(), System::nanoTime)
              .parse(YamlDocument.parse("test", stages), new Notices());
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
    return new FileJob(
        "job",
        new Glob(pattern),
        null,
        Labels.of("job", "test"),
        parsed,
        encoding,
        packed,
        0,
        !parsed.givesTime(),
        true,
        hostLogs,
        0);
  }

  /** Ends as a crash does. */
  void crash() throws IOException {
    collector.abandon();
    positions.close();
  }

  @Override
  public void close() throws IOException {
    collector.close();
    positions.close();
  }
}
