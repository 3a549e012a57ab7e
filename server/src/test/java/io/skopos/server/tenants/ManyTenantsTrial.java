// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.tenants;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.ingest.intake.IntakeLimits;
import io.skopos.ingest.intake.LimitedIntake;
import io.skopos.ingest.intake.ha.Deduplication;
import io.skopos.ingest.intake.ha.HaSettings;
import io.skopos.metrics.store.MetricsStore;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.Ground;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Many tenants with a few series each: written, flushed, asked and opened again. Prints how long
 * each took and what a tenant costs once it is idle. A program, as its figures need a quiet
 * machine.
 */
final class ManyTenantsTrial {

  private final Path directory;
  private final int tenants;
  private final InstantSource clock = InstantSource.system();

  private ManyTenantsTrial(Path directory, int tenants) {
    this.directory = directory;
    this.tenants = tenants;
  }

  /**
   * Arguments: an empty directory, or one that it filled before, and the number of tenants (10000).
   */
  public static void main(String... arguments) throws Exception {
    Path directory =
        arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("many-tenants");
    int tenants = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
    ManyTenantsTrial trial = new ManyTenantsTrial(directory, tenants);
    if (!Files.exists(directory.resolve("format"))) {
      trial.writeAndFlush();
    }
    trial.openAgain();
  }

  private record Opened(Ground ground, MetricsStore store, LimitedIntake intake) {}

  private Opened open() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    MemoryBudget memory = new MemoryBudget(1L << 30);
    Ground ground =
        Ground.open(directory, StorageConfig.defaults(), new RealDisk(), clock, memory, registry);
    MetricsStore store =
        new MetricsStore(ground.sharding(), ground.parts(), ground.manifests(), memory, registry);
    ground.start(List.of(store));
    LimitedIntake intake =
        new LimitedIntake(
            ground,
            IntakeLimits.defaults(),
            new Deduplication(HaSettings.defaults(), ground.documents(), clock, registry),
            clock,
            registry);
    return new Opened(ground, store, intake);
  }

  private void writeAndFlush() throws Exception {
    Opened opened = open();
    long emptyHeap = usedHeap();
    for (int round = 0; round < 2; round++) {
      long began = System.nanoTime();
      write(opened.intake());
      say("write of round " + round, began);
      if (round == 0) {
        System.out.printf(
            "heap in heads: %d bytes per tenant%n", (usedHeap() - emptyHeap) / tenants);
      }
      began = System.nanoTime();
      opened.ground().flush().join();
      say("flush of round " + round, began);
      System.out.printf(
          "heap of an idle tenant after it: %d bytes%n", (usedHeap() - emptyHeap) / tenants);
    }
    ask(opened.store());
    long began = System.nanoTime();
    opened.ground().close();
    say("close", began);
  }

  private void openAgain() throws Exception {
    long began = System.nanoTime();
    Opened opened = open();
    say("start", began);
    long heap = usedHeap();
    System.out.printf("heap after the start: %d bytes per tenant%n", heap / tenants);
    ask(opened.store());
    began = System.nanoTime();
    opened.ground().maintain();
    say("a look for merges and retention", began);
    opened.ground().close();
    try (Stream<Path> files = Files.walk(directory)) {
      System.out.printf("files: %d%n", files.filter(Files::isRegularFile).count());
    }
  }

  private void write(LimitedIntake intake) {
    long now = clock.millis();
    List<CompletableFuture<Void>> underWay = new ArrayList<>();
    for (int tenant = 0; tenant < tenants; tenant++) {
      SampleBatch batch = new SampleBatch();
      for (int series = 0; series < 3; series++) {
        batch.series(Labels.of("__name__", "up", "instance", "host-" + series, "job", "node"));
        batch.sample(now, series);
      }
      underWay.add(intake.append(new TenantId("tenant-" + tenant), batch));
      if (underWay.size() == 500) {
        underWay.forEach(CompletableFuture::join);
        underWay.clear();
      }
    }
    underWay.forEach(CompletableFuture::join);
  }

  private void ask(MetricsStore store) {
    long began = System.nanoTime();
    SampleBuffer samples = new SampleBuffer(16);
    int found = 0;
    for (int tenant = 0; tenant < tenants; tenant += Math.max(1, tenants / 100)) {
      try (SampleSource.Selection selection =
          store.select(
              new TenantId("tenant-" + tenant),
              List.of(Matcher.equal("__name__", "up")),
              new TimeRange(0, clock.millis()),
              QueryBudget.unlimited())) {
        for (int series = 0; series < selection.size(); series++) {
          samples.clear();
          selection.read(series, 0, clock.millis(), samples);
          found += samples.size;
        }
      }
    }
    say("100 tenants asked, " + found + " samples found,", began);
  }

  private static long usedHeap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void say(String what, long began) {
    System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - began) / 1e9);
  }
}
