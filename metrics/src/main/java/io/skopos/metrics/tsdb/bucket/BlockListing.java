// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.metrics.tsdb.block.BlockFiles;
import io.skopos.metrics.tsdb.block.BlockMeta;
import io.skopos.metrics.tsdb.block.DamagedBlock;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.blocks.PagedObjects;
import io.skopos.storage.blocks.SideBySide;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of a bucket, as they were listed last. A listing that fails leaves those known before;
 * one that lacks a block is only believed when the block's own meta.json is gone, as a listing may
 * be stale. Thread-safe.
 */
public final class BlockListing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BlockListing.class);

  private static final int MAX_META_BYTES = 64 << 20;
  private static final int AT_ONCE = 16;

  private final ObjectStore bucket;
  private final PagedObjects objects;
  private final Settings settings;
  private final InstantSource clock;
  private final Semaphore stop = new Semaphore(0);
  private final Thread poller;

  /** By key; only the poller looks at it. */
  private Map<String, KnownBlock> known = new HashMap<>();

  /** What was said about blocks that cannot be used; only the poller looks at it. */
  private Set<String> told = new HashSet<>();

  private volatile State state = new State(Map.of(), 0, 0, "it has not been listed yet");

  /**
   * What there is about a bucket.
   *
   * @param place for messages
   * @param tenant whose the blocks outside of tenants' folders are
   * @param dropped labels that tell replicas apart
   */
  public record Settings(String place, TenantId tenant, Set<String> dropped, Duration interval) {
    public Settings {
      dropped = Set.copyOf(dropped);
    }
  }

  /**
   * @param listedMs when it was listed last; 0 for never
   * @param error why the latest listing failed; empty when it did not
   */
  public record State(
      Map<TenantId, List<KnownBlock>> blocks, int count, long listedMs, String error) {}

  /** Begins to list in the background. */
  public BlockListing(
      ObjectStore bucket, PagedObjects objects, Settings settings, InstantSource clock) {
    this.bucket = bucket;
    this.objects = objects;
    this.settings = settings;
    this.clock = clock;
    this.poller = Thread.ofPlatform().name("skopos-block-list").daemon(true).unstarted(this::poll);
  }

  public void start() {
    poller.start();
  }

  public State state() {
    return state;
  }

  Set<String> dropped() {
    return settings.dropped;
  }

  /** The tenant's blocks that answer for some of the range, by time. */
  List<KnownBlock> overlapping(TenantId tenant, TimeRange range) {
    return state.blocks.getOrDefault(tenant, List.of()).stream()
        .filter(block ->
            block.wanted().stream().anyMatch(one -> range.overlaps(one.fromMs(), one.toMs())))
        .toList();
  }

  /** What every answer lacks; empty when the bucket has been listed. */
  List<String> warnings() {
    State now = state;
    return now.listedMs > 0
        ? List.of()
        : List.of("the blocks of " + settings.place + " are not known: " + now.error);
  }

  private void poll() {
    try {
      do {
        look();
      } while (!stop.tryAcquire(settings.interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lists now. */
  private void look() {
    String before = state.error;
    try {
      Map<String, KnownBlock> found = found(BucketLayout.list(bucket));
      Map<TenantId, List<KnownBlock>> byTenant = new TreeMap<>();
      found
          .values()
          .forEach(block ->
              byTenant
                  .computeIfAbsent(tenantOf(block.listed()), _ -> new ArrayList<>())
                  .add(block));
      Map<TenantId, List<KnownBlock>> chosen = new HashMap<>();
      int count = 0;
      for (Map.Entry<TenantId, List<KnownBlock>> one : byTenant.entrySet()) {
        List<KnownBlock> blocks = BlockChoice.choose(one.getValue());
        chosen.put(one.getKey(), blocks);
        count += blocks.size();
      }
      if (!found.keySet().equals(known.keySet())) {
        LOG.info("{}: {} blocks, of which {} are read", settings.place, found.size(), count);
      }
      known = found;
      state = new State(Map.copyOf(chosen), count, clock.millis(), "");
    } catch (IOException | RuntimeException e) {
      String error = String.valueOf(e.getMessage());
      State last = state;
      state = new State(last.blocks, last.count, last.listedMs, error);
      if (!error.equals(before)) {
        LOG.warn("{} cannot be listed; what was known before stays: {}", settings.place, error);
      }
    }
  }

  private TenantId tenantOf(ListedBlock block) {
    TenantId own = block.tenant();
    return own == null ? settings.tenant : own;
  }

  private Map<String, KnownBlock> found(List<ListedBlock> listed) throws IOException {
    Map<String, KnownBlock> found = new HashMap<>();
    Set<String> problems = new HashSet<>();
    List<ListedBlock> unread = new ArrayList<>();
    for (ListedBlock block : listed) {
      KnownBlock before = known.get(block.key());
      if (block.marked()
          || !block.isWhole()
          || (!block.folder().isEmpty() && block.tenant() == null)) {
        continue;
      }
      if (before != null && before.listed().equals(block)) {
        found.put(block.key(), before);
      } else {
        unread.add(block);
      }
    }
    read(unread, found, problems);
    Set<String> here = new HashSet<>();
    listed.forEach(block -> here.add(block.key()));
    for (Map.Entry<String, KnownBlock> before : known.entrySet()) {
      if (!here.contains(before.getKey()) && isThere(before.getKey())) {
        found.put(before.getKey(), before.getValue());
      }
    }
    problems.stream().filter(problem -> !told.contains(problem)).forEach(LOG::warn);
    told = problems;
    return found;
  }

  private boolean isThere(String key) throws IOException {
    return bucket.size(key + "/" + BlockFiles.META).isPresent();
  }

  private void read(List<ListedBlock> unread, Map<String, KnownBlock> found, Set<String> problems)
      throws IOException {
    List<Callable<Optional<KnownBlock>>> work = new ArrayList<>();
    for (ListedBlock block : unread) {
      work.add(() -> read(block));
    }
    for (Future<Optional<KnownBlock>> one : SideBySide.run(work, AT_ONCE)) {
      try {
        SideBySide.resultOf(one).ifPresent(block -> found.put(block.listed().key(), block));
      } catch (DamagedBlock e) {
        problems.add(e.getMessage() + "; the block is left out");
      }
    }
  }

  /** Empty when it went meanwhile. */
  private Optional<KnownBlock> read(ListedBlock block) throws IOException {
    String key = block.key() + "/" + BlockFiles.META;
    VersionedObject json = bucket.get(key, MAX_META_BYTES);
    if (json == null) {
      return Optional.empty();
    }
    BlockMeta meta = BlockMeta.parse(settings.place + "/" + key, json.bytes());
    Map<String, String> added = new TreeMap<>();
    meta.externalLabels()
        .forEach((name, value) -> {
          // Mimir's own ones are no business of a series.
          if (!name.startsWith("__") && !value.isEmpty() && !settings.dropped.contains(name)) {
            added.put(name, value);
          }
        });
    return Optional.of(
        new KnownBlock(
            block,
            ObjectFiles.cached(block, settings.place, objects),
            meta,
            added,
            List.of(new TimeRange(meta.minTimeMs(), meta.maxTimeMs()))));
  }

  @Override
  public void close() {
    stop.release();
    poller.interrupt();
    boolean interrupted = false;
    while (poller.isAlive()) {
      try {
        poller.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
