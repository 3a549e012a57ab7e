// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.SignalStore;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.Parts;
import io.skopos.storage.part.StoredParts;
import io.skopos.storage.publish.PendingDeletions;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.publish.TenantDay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A wing's store over real parts and manifests in a directory, driven step by step by one thread:
 * what the log and the background threads of the ground do, in an order the test decides.
 */
public class StoreOnDisk<S extends SignalStore> implements AutoCloseable {

  private static final Sharding SHARDING = new Sharding(4, 11, 12);

  /** Makes the store. */
  @FunctionalInterface
  public interface Opener<S> {
    S open(
        Sharding sharding,
        Parts parts,
        Manifests manifests,
        MemoryBudget budget,
        PrometheusRegistry registry);
  }

  /** What a durable log would hand over again. */
  private sealed interface Logged {
    long position();
  }

  private record LoggedFrame(Frame frame, long position) implements Logged {}

  private record LoggedDeletion(PendingDeletions.Pending deletion) implements Logged {
    @Override
    public long position() {
      return deletion.position();
    }
  }

  private final Path directory;
  private final Opener<S> opener;
  private final List<Logged> log = new ArrayList<>();
  private long position;
  private long epoch;

  private final MemoryBudget budget = new MemoryBudget(256 << 20);
  private DirectoryObjectStore objects;
  private PageCache pages;
  private StoredParts parts;
  private PendingDeletions pending;
  private Publications publications;
  private DamagedFiles damagedFiles;
  private ManifestStore manifests;
  private S store;

  protected StoreOnDisk(Path directory, Opener<S> opener) throws IOException {
    this.directory = directory;
    this.opener = opener;
    open();
  }

  private void open() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    InstantSource clock = InstantSource.system();
    damagedFiles = new DamagedFiles(clock, registry);
    objects = new DirectoryObjectStore(new RealDisk(), directory.resolve("objects"), registry);
    pages = new PageCache(4 << 20, budget, registry);
    parts = new StoredParts(objects, pages, 1 << 20, budget, damagedFiles, clock, registry);
    manifests =
        new ManifestStore(
            objects,
            ++epoch,
            SHARDING.shardCount(),
            parts.found(),
            budget,
            damagedFiles,
            clock,
            registry);
    pending = new PendingDeletions();
    publications = new Publications(manifests, manifests, pending, SHARDING.shardCount(), clock);
    store = opener.open(SHARDING, parts, manifests, budget, registry);
  }

  public final void append(TenantId tenant, Batch batch) {
    for (Frame frame : batch.toFrames(tenant, SHARDING)) {
      LoggedFrame logged = new LoggedFrame(withoutDecoded(frame), position++);
      log.add(logged);
      store.apply(appended(frame, logged.position));
    }
  }

  private static Frame withoutDecoded(Frame frame) {
    return new Frame(
        frame.tenant(),
        frame.signal(),
        frame.kind(),
        frame.shard(),
        frame.rows(),
        frame.minTimeMs(),
        frame.maxTimeMs(),
        frame.payload(),
        frame.payloadLength(),
        null);
  }

  private AppendedFrame appended(Frame frame, long at) {
    return new AppendedFrame() {
      @Override
      public Frame frame() {
        return frame;
      }

      @Override
      public long position() {
        return at;
      }

      @Override
      public boolean alreadyInParts(int utcDayNumber) {
        Manifest manifest = manifests.get(frame.tenant(), store.signal(), new UtcDay(utcDayNumber));
        return manifest != null && manifest.covered()[frame.shard()] >= at;
      }
    };
  }

  public final void delete(TenantId tenant, List<Matcher> matchers, TimeRange range)
      throws IOException {
    PendingDeletions.Pending deletion =
        new PendingDeletions.Pending(
            tenant, store.signal(), new Deletion(matchers, range), 0, position);
    position += SHARDING.shardCount();
    log.add(new LoggedDeletion(deletion));
    apply(deletion);
    publications.delete(deletion);
  }

  private void apply(PendingDeletions.Pending deletion) {
    pending.add(deletion);
    for (int shard = 0; shard < SHARDING.shardCount(); shard++) {
      store.delete(shard, deletion.position() + shard, deletion.tenant(), deletion.deletion());
    }
  }

  /** Freezes at the present position. */
  public final long[] freeze() {
    long[] cut = new long[SHARDING.shardCount()];
    Arrays.fill(cut, position - 1);
    for (int shard = 0; shard < SHARDING.shardCount(); shard++) {
      store.freeze(shard, cut[shard]);
    }
    return cut;
  }

  /**
   * @param failAt the publication that fails, counted from 0; -1 for none
   */
  public final void flush(long[] cut, int failAt) throws IOException {
    int[] published = new int[1];
    store.flush(
        cut,
        (tenant, day, part) -> {
          if (published[0]++ == failAt) {
            throw new IOException("the disk is full, says the test");
          }
          publications.publish(tenant, store.signal(), day, part, cut);
        });
    pending.forget(pending.before(cut));
    log.removeIf(one -> one.position() <= cut[0]);
  }

  public final void flush() throws IOException {
    flush(freeze(), -1);
  }

  /** Merges two or more neighbours of some day that has them. */
  public final void merge(Random random) throws IOException {
    for (TenantId tenant : manifests.tenants(store.signal())) {
      for (UtcDay day : manifests.days(tenant, store.signal())) {
        Manifest manifest = manifests.get(tenant, store.signal(), day);
        if (manifest != null
            && random.nextInt(3) == 0
            && (manifest.parts().size() > 1 || !manifest.deletions().isEmpty())) {
          int from = random.nextInt(manifest.parts().size());
          int to = from + 1 + random.nextInt(manifest.parts().size() - from);
          List<PartEntry> inputs = manifest.parts().subList(from, to);
          List<DeletionEntry> deletions = manifest.deletions();
          PartEntry merged = store.merge(tenant, day, inputs, deletions);
          publications.replace(
              new TenantDay(tenant, store.signal(), day), inputs, merged, deletions);
        }
      }
    }
  }

  /** As after a crash: memory is gone, the log is handed over again. */
  public final void restart() throws IOException {
    closeStorage();
    open();
    for (Logged logged : log) {
      switch (logged) {
        case LoggedFrame frame -> store.apply(appended(frame.frame, frame.position));
        case LoggedDeletion deletion -> apply(deletion.deletion);
      }
    }
    for (PendingDeletions.Pending deletion : pending.all()) {
      publications.delete(deletion);
    }
  }

  public final S store() {
    return store;
  }

  public final ManifestStore manifests() {
    return manifests;
  }

  private void closeStorage() {
    parts.close();
    pages.close();
    objects.close();
  }

  @Override
  public final void close() {
    closeStorage();
  }
}
