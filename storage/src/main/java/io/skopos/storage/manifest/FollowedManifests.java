// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The manifests of somebody else's bucket, in memory, as of the last time they were read. A day
 * goes only when its own manifest is found to be gone, never because a listing lacks it.
 * Thread-safe for questions; one thread refreshes.
 */
public final class FollowedManifests implements Manifests {

  private static final int THREADS = 16;

  private final BucketManifests bucket;
  private final DamagedFiles damagedFiles;
  private final ManifestTable table;
  private final Counter reads;

  public FollowedManifests(
      BucketManifests bucket,
      MemoryBudget budget,
      DamagedFiles damagedFiles,
      PrometheusRegistry registry) {
    this.bucket = bucket;
    this.damagedFiles = damagedFiles;
    this.table = new ManifestTable(budget);
    this.reads =
        Counter.builder()
            .name("skopos_storage_followed_manifest_reads_total")
            .help("Manifests of the bucket read because they changed or might have.")
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_storage_followed_manifests")
        .help("Manifests of the bucket that this reader knows.")
        .callback(callback -> callback.call((double) table.count()))
        .register(registry);
  }

  @Override
  public Set<TenantId> tenants(Signal signal) {
    return table.tenants(signal);
  }

  @Override
  public NavigableSet<UtcDay> days(TenantId tenant, Signal signal) {
    NavigableSet<UtcDay> days = new TreeSet<>();
    for (int number : table.days(tenant, signal)) {
      days.add(new UtcDay(number));
    }
    return days;
  }

  @Override
  public @Nullable Manifest get(TenantId tenant, Signal signal, UtcDay day) {
    return table.get(tenant, signal, day);
  }

  @Override
  public List<Manifest> overlapping(TenantId tenant, Signal signal, long fromMs, long toMs) {
    return table.between(
        tenant, signal, ManifestStore.dayNumber(fromMs), ManifestStore.dayNumber(toMs));
  }

  /** Holds nothing back: the owner keeps replaced objects for longer than a query takes. */
  @Override
  public Lease lease() {
    return () -> {};
  }

  /** Reads all manifests that are listed, and again those that were known and are not listed. */
  public void refresh() throws IOException {
    Set<BucketManifests.DayOf> all = new HashSet<>(bucket.days());
    for (Signal signal : Signal.values()) {
      for (TenantId tenant : table.tenants(signal)) {
        for (int day : table.days(tenant, signal)) {
          all.add(new BucketManifests.DayOf(tenant, signal, new UtcDay(day)));
        }
      }
    }
    read(all);
  }

  /** Reads these manifests; keys that are none are left alone. */
  public void refresh(Collection<String> keys) throws IOException {
    Set<BucketManifests.DayOf> days = new HashSet<>();
    for (String key : keys) {
      BucketManifests.DayOf day = BucketManifests.dayOf(key);
      if (day != null) {
        days.add(day);
      }
    }
    read(days);
  }

  private void read(Set<BucketManifests.DayOf> days) throws IOException {
    if (days.isEmpty()) {
      return;
    }
    List<Callable<Boolean>> tasks = new ArrayList<>(days.size());
    for (BucketManifests.DayOf day : days) {
      tasks.add(() -> read(day));
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(Math.min(THREADS, days.size()))) {
      for (Future<Boolean> task : executor.invokeAll(tasks)) {
        boolean _ = task.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while manifests were read", e);
    }
  }

  private boolean read(BucketManifests.DayOf day) throws IOException {
    BucketManifests.Stored stored = bucket.read(day.tenant(), day.signal(), day.day());
    reads.inc();
    Manifest manifest = stored.manifest();
    if (manifest != null) {
      table.put(asLocal(manifest));
    } else if (stored.damage().isEmpty()) {
      table.remove(day.tenant(), day.signal(), day.day());
    } else {
      // What was read of the day before stays; the owner writes it anew.
      damagedFiles.report(
          DamagedFile.Kind.MANIFEST,
          BucketManifests.key(day.tenant(), day.signal(), day.day()),
          "in the bucket: " + stored.damage(),
          new TimeRange(day.day().startMs(), day.day().endMs()),
          0);
    }
    return true;
  }

  /** With its parts named as this machine names what lies in the bucket. */
  public static Manifest asLocal(Manifest ofBucket) {
    return new Manifest(
        ofBucket.tenant(),
        ofBucket.signal(),
        ofBucket.day(),
        ofBucket.epoch(),
        ofBucket.version(),
        ofBucket.covered(),
        ofBucket.parts().stream().map(BucketKeys::local).toList(),
        ofBucket.deletions());
  }
}
