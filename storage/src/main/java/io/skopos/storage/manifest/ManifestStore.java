// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.CallbackMetrics;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.VersionConflict;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Manifests as objects, all of them in memory too. A swap reads the object, changes it and writes
 * it back under the condition that nobody else has meanwhile; swaps of one day by this process wait
 * for each other. Thread-safe.
 */
public final class ManifestStore implements Manifests, ManifestSwaps {

  private static final Logger LOG = LoggerFactory.getLogger(ManifestStore.class);
  private static final int SWAP_ATTEMPTS = 100;

  private final ObjectStore objects;
  private final long epoch;
  private final InstantSource clock;
  private final ManifestObjects manifestObjects;
  private final ManifestTable table;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private final SharedObjects shared = new SharedObjects();
  private final ReplacedObjects replaced = new ReplacedObjects();
  private final ObjectRemoval removal;
  private final ReentrantLock[] dayLocks = new ReentrantLock[64];
  private final ReentrantLock removalLock = new ReentrantLock();
  private final Counter swaps;
  private final Counter conflicts;
  private final Counter removedObjects;

  /**
   * Reads all manifests. Damaged ones are set aside and put together again from the parts found;
   * one that cannot be read at all is reported, and its day stays empty until a swap can read it.
   *
   * @param epoch of this owner; greater than every earlier owner's
   * @throws IOException when the manifests cannot even be listed
   */
  public ManifestStore(
      ObjectStore objects,
      long epoch,
      int shardCount,
      PartsFound partsFound,
      MemoryBudget budget,
      DamagedFiles damagedFiles,
      InstantSource clock,
      PrometheusRegistry registry)
      throws IOException {
    this(
        objects,
        objects::delete,
        epoch,
        shardCount,
        partsFound,
        budget,
        damagedFiles,
        clock,
        registry);
  }

  /**
   * @param removal of objects that no manifest names and nobody reads any more
   * @throws IOException when the manifests cannot even be listed
   */
  public ManifestStore(
      ObjectStore objects,
      ObjectRemoval removal,
      long epoch,
      int shardCount,
      PartsFound partsFound,
      MemoryBudget budget,
      DamagedFiles damagedFiles,
      InstantSource clock,
      PrometheusRegistry registry)
      throws IOException {
    this.objects = objects;
    this.removal = removal;
    this.epoch = epoch;
    this.clock = clock;
    this.manifestObjects =
        new ManifestObjects(objects, partsFound, damagedFiles, clock, epoch, shardCount);
    this.table = new ManifestTable(budget);
    Arrays.setAll(dayLocks, i -> new ReentrantLock());
    this.swaps = counter(registry, "manifest_swaps", "Manifests written or removed.");
    this.conflicts =
        counter(registry, "manifest_conflicts", "Swaps tried again since somebody was faster.");
    this.removedObjects =
        counter(registry, "objects_removed", "Replaced objects and orphans removed.");
    gauge(registry, "manifests", "Manifests, one per tenant, signal and day.", table::count);
    gauge(registry, "leases", "Running queries that hold back removals.", replaced::openLeases);
    GaugeWithCallback.builder()
        .name("skopos_storage_oldest_lease_seconds")
        .help("How long the oldest of these queries has been holding them back; 0 without any.")
        .callback(callback -> callback.call(replaced.oldestLeaseSeconds()))
        .register(registry);
    gauge(registry, "replaced_objects", "Objects waiting for leases to end.", replaced::waiting);
    objects.settle(ManifestObjects.ROOT);
    new ManifestLoading(objects, manifestObjects, damagedFiles, this::loaded, unreadable::add)
        .run();
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
    return table.between(tenant, signal, dayNumber(fromMs), dayNumber(toMs));
  }

  @Override
  public Lease lease() {
    return replaced.lease();
  }

  /**
   * @throws FormerOwner when an owner with a greater epoch has written the day
   */
  @Override
  public @Nullable Manifest swap(
      TenantId tenant, Signal signal, UtcDay day, UnaryOperator<@Nullable Manifest> change)
      throws IOException {
    Manifest result;
    ReentrantLock lock = lockOf(tenant, day);
    lock.lock();
    try {
      result = swapLocked(tenant, signal, day, change);
    } finally {
      lock.unlock();
    }
    removeReplaced();
    return result;
  }

  /**
   * Removes objects that were replaced and that no lease holds any more. Also done after each swap;
   * to be called now and then for those whose last query ended later.
   *
   * @return how many
   */
  public int removeReplaced() {
    if (!removalLock.tryLock()) {
      return 0; // somebody is at it
    }
    try {
      int removed = 0;
      for (String key = replaced.nextFree(); key != null; key = replaced.nextFree()) {
        if (!remove(key)) {
          break;
        }
        replaced.removed(key);
        removed++;
      }
      return removed;
    } finally {
      removalLock.unlock();
    }
  }

  /**
   * Removes parts that no manifest names and whose writing began longer ago than {@code age}: left
   * by a crash between writing and publishing, or between publishing and removing. Days whose
   * manifest cannot be read are left alone. Meant for the start, when nobody writes parts.
   *
   * @return how many
   */
  public int removeOrphans(Duration age) throws IOException {
    long newestMs = clock.millis() - age.toMillis();
    int removed = 0;
    for (String orphan :
        new OrphanSearch(objects, this, shared::isNamed, unreadable::contains, newestMs).find()) {
      removed += remove(orphan) ? 1 : 0;
    }
    if (removed > 0) {
      LOG.info("removed {} parts that no manifest names", removed);
    }
    return removed;
  }

  @SuppressWarnings("ReferenceEquality") // "the same object: leave it" is what a change may say
  private @Nullable Manifest swapLocked(
      TenantId tenant, Signal signal, UtcDay day, UnaryOperator<@Nullable Manifest> change)
      throws IOException {
    String key = ManifestObjects.key(tenant, signal, day);
    for (int attempt = 1; attempt <= SWAP_ATTEMPTS; attempt++) {
      ManifestObjects.Stored stored = manifestObjects.read(tenant, signal, day);
      Manifest current = stored.manifest();
      unreadable.remove(key);
      remember(tenant, signal, day, current);
      checkOwner(key, current);
      Manifest wanted = change.apply(current);
      if (wanted == current) {
        return current;
      }
      Manifest next = wanted == null ? null : numbered(wanted, current);
      try {
        manifestObjects.write(key, stored, next);
      } catch (VersionConflict e) {
        conflicts.inc();
        continue;
      } catch (IOException e) {
        throw unsure(key, tenant, signal, day, e);
      }
      swaps.inc();
      remember(tenant, signal, day, next);
      retire(current, next);
      return next;
    }
    throw new IOException(
        "manifest " + key + " was changed by others during each of " + SWAP_ATTEMPTS + " attempts");
  }

  private void checkOwner(String key, @Nullable Manifest current) throws FormerOwner {
    if (current != null && current.epoch() > epoch) {
      throw new FormerOwner(
          "manifest "
              + key
              + " was written by an owner of epoch "
              + current.epoch()
              + ", this process is of epoch "
              + epoch
              + ": another server has taken over the data; stop this one");
    }
  }

  private Manifest numbered(Manifest wanted, @Nullable Manifest current) {
    return new Manifest(
        wanted.tenant(),
        wanted.signal(),
        wanted.day(),
        epoch,
        current == null ? 1 : current.version() + 1,
        wanted.covered(),
        wanted.parts(),
        wanted.deletions());
  }

  /** The write failed and may or may not have happened: memory follows what is there now. */
  private IOException unsure(
      String key, TenantId tenant, Signal signal, UtcDay day, IOException failure) {
    try {
      remember(tenant, signal, day, manifestObjects.read(tenant, signal, day).manifest());
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return new IOException(
        "manifest " + key + " could not be written: " + failure.getMessage(), failure);
  }

  private void loaded(Manifest manifest) {
    remember(manifest.tenant(), manifest.signal(), manifest.day(), manifest);
  }

  private void remember(TenantId tenant, Signal signal, UtcDay day, @Nullable Manifest manifest) {
    Manifest before = table.get(tenant, signal, day);
    if (manifest == null) {
      table.remove(tenant, signal, day);
    } else if (before == null
        || before.version() != manifest.version()
        || before.epoch() != manifest.epoch()) {
      table.put(manifest);
    } else {
      return;
    }
    shared.replaced(before, manifest);
  }

  private void retire(@Nullable Manifest before, @Nullable Manifest after) {
    if (before == null) {
      return;
    }
    Set<String> gone = new TreeSet<>();
    for (PartEntry part : before.parts()) {
      gone.add(part.object());
    }
    if (after != null) {
      for (PartEntry part : after.parts()) {
        gone.remove(part.object());
      }
    }
    gone.removeIf(shared::isNamed);
    replaced.add(gone);
  }

  private boolean remove(String key) {
    try {
      removal.remove(key);
      removedObjects.inc();
      return true;
    } catch (IOException e) {
      LOG.warn(
          "object {} is of no use any more but could not be removed; tried again later", key, e);
      return false;
    }
  }

  /** Whether a manifest names the object, which lies outside of any day's own folder. */
  public boolean isNamed(String object) {
    return shared.isNamed(object);
  }

  private ReentrantLock lockOf(TenantId tenant, UtcDay day) {
    return dayLocks[((tenant.hashCode() * 31 + day.number()) & 0x7fff_ffff) % dayLocks.length];
  }

  static int dayNumber(long timeMs) {
    return (int)
        Math.clamp(
            Math.floorDiv(timeMs, UtcDay.MILLIS), (long) Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder()
        .name("skopos_storage_" + name + "_total")
        .help(help)
        .register(registry);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, LongSupplier value) {
    CallbackMetrics.gauge(registry, "skopos_storage_" + name, help, value::getAsLong);
  }
}
