// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.BucketUse;
import io.skopos.storage.blocks.BandwidthLimit;
import io.skopos.storage.blocks.BlockCache;
import io.skopos.storage.directory.BucketBinding;
import io.skopos.storage.directory.DataDirectory;
import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.BucketManifests;
import io.skopos.storage.manifest.FollowedManifests;
import io.skopos.storage.manifest.FormerOwner;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.StoreUnavailable;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.publish.TenantDay;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a bucket like the local manifests: takes it, uploads what is due, swaps the bucket's
 * manifests, then the ledger, then the local manifests, and removes what nobody names. One thread
 * does all of it, in cycles; a cycle that fails begins again later, and nobody else waits for it.
 */
public final class Tiering implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Tiering.class);

  private static final int BATCH_DAYS = 256;
  private static final long BATCH_BYTES = 256L << 20;
  private static final Duration UNREADABLE_PAUSE = Duration.ofMinutes(10);

  private static final long LONGEST_PAUSE_MS = 30_000;
  private static final Duration ORPHAN_SEARCH = Duration.ofHours(1);

  /** Some documents change every few seconds; each change of all need not be copied. */
  private static final Duration DOCUMENTS = Duration.ofSeconds(30);

  private final TieringConfig config;
  private final Duration orphanAge;
  private final ObjectStore bucket;
  private final BucketUse.Check check;
  private final DataDirectory directory;
  private final ManifestStore manifests;
  private final Publications publications;
  private final BucketManifests bucketManifests;
  private final BucketRemovals removals;
  private final PartUpload uploads;
  private final DocumentCopies documents;
  private final DueParts due;
  private final InstantSource clock;
  private final TieringMetrics metrics;
  private final String owner;

  /** Days of which the bucket may know less or more than it should. */
  private final Set<TenantDay> changed = ConcurrentHashMap.newKeySet();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();
  private boolean isAsked;
  private volatile boolean closed;
  private @Nullable Thread thread;

  // What the status shows.
  private volatile @Nullable Ownership ownership;
  private volatile boolean takenOver;
  private volatile String lastError = "";
  private volatile long lastSuccessMs;

  // Of the thread that runs a cycle.
  private @Nullable Thread working;
  private boolean compared;
  private long orphansSearchedMs;
  private long documentsCopiedNanos = System.nanoTime() - DOCUMENTS.toNanos();

  /**
   * What it stands on.
   *
   * @param settleAfter after the end of a day, when no more rows are waited for
   * @param orphanAge zero: orphans are not looked for
   */
  public record Pieces(
      TieringConfig config,
      Duration settleAfter,
      Duration orphanAge,
      ObjectStore local,
      ObjectStore bucket,
      BucketUse.Check check,
      DataDirectory directory,
      ManifestStore manifests,
      Publications publications,
      BucketRemovals removals,
      BlockCache cache) {}

  public Tiering(Pieces pieces, InstantSource clock, PrometheusRegistry registry) {
    config = pieces.config();
    orphanAge = pieces.orphanAge();
    bucket = pieces.bucket();
    check = pieces.check();
    directory = pieces.directory();
    manifests = pieces.manifests();
    publications = pieces.publications();
    removals = pieces.removals();
    bucketManifests = new BucketManifests(bucket);
    due = new DueParts(config, pieces.settleAfter(), manifests, publications, clock);
    documents = new DocumentCopies(pieces.local(), bucket);
    this.clock = clock;
    metrics = new TieringMetrics(this::status, clock, registry);
    uploads =
        new PartUpload(
            pieces.local(),
            bucket,
            pieces.cache(),
            new BandwidthLimit(config.bandwidth().bytes()),
            clock,
            metrics);
    owner =
        "process "
            + ProcessHandle.current().pid()
            + ", data directory "
            + directory.root().toAbsolutePath()
            + ", since "
            + Instant.ofEpochMilli(clock.millis());
    publications.followedBy(this::changed);
    forEachDay((day, manifest) -> {
      if (!DayPlan.localParts(manifest).isEmpty()) {
        due.note(day);
      }
    });
  }

  /**
   * Takes the bucket, before anything is written. When it does not answer, that is left for later,
   * unless the directory cannot know what is in the bucket.
   *
   * @param takeOver also when it belongs to another data directory; this one must be empty
   * @throws BucketInUse when it belongs to another data directory
   * @throws IOException when it lacks what is needed, or a new directory finds it not answering
   */
  public void open(boolean takeOver) throws IOException {
    boolean isEmpty = due.isEmpty() && hasNoDays();
    BucketBinding binding = binding();
    try {
      attach(new Ownership.Claim(binding, owner, takeOver && isEmpty));
    } catch (StoreUnavailable e) {
      if (binding.bucket().isEmpty() && isEmpty) {
        throw new IOException(
            "the bucket does not answer, and a new data directory has to know once what is in it: "
                + e.getMessage(),
            e);
      }
      failed(e);
    }
  }

  private BucketBinding binding() throws IOException {
    BucketBinding binding = directory.bucket();
    if (binding == null) {
      binding = BucketBinding.unknown();
      directory.bind(binding);
    }
    return binding;
  }

  private boolean hasNoDays() {
    for (Signal signal : Signal.values()) {
      if (!manifests.tenants(signal).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void attach(Ownership.Claim claim) throws IOException {
    check.run();
    Ownership taken = Ownership.take(bucket, claim);
    if (claim.binding().bucket().isEmpty()) {
      if (taken.wasThere()) {
        adoptLostDays(taken);
        LOG.info("{} documents were taken from the bucket", documents.restore());
      }
      // Only now: a crash before it begins with the adoption again.
      directory.bind(claim.binding().to(taken.bucketId()));
    }
    ownership = taken;
    lastError = "";
    LOG.info("the bucket {} is taken, epoch {}", taken.bucketId(), taken.epoch());
  }

  /** Days the bucket knows and this directory does not: its disk was lost. */
  private void adoptLostDays(Ownership own) throws IOException {
    List<TenantDay> lost = new ArrayList<>();
    for (BucketManifests.DayOf each : bucketManifests.days(own.changedBefore())) {
      TenantDay day = new TenantDay(each.tenant(), each.signal(), each.day());
      if (manifests.get(day.tenant(), day.signal(), day.day()) == null) {
        lost.add(day);
      }
    }
    ParallelSteps.run(
        lost,
        day -> {
          Manifest found = bucketManifests.read(day.tenant(), day.signal(), day.day()).manifest();
          if (found != null) {
            publications.adopt(day, FollowedManifests.asLocal(found));
          }
          return true;
        });
    if (!lost.isEmpty()) {
      LOG.info("{} days were taken over from the bucket", lost.size());
    }
  }

  /** Begins to look for what is due; once. */
  public void start() {
    thread = Thread.ofPlatform().name("skopos-tiering").daemon(true).start(this::run);
  }

  /** Has the next cycle begin now. */
  public void request() {
    lock.lock();
    try {
      isAsked = true;
      asked.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether so much waits that no more can be taken. */
  public boolean isFull() {
    return config.maxWaiting().bytes() > 0 && due.waiting().bytes() >= config.maxWaiting().bytes();
  }

  /** Why writes are refused when {@link #isFull}. */
  public String fullBecause() {
    return due.waiting().bytes()
        + " bytes of parts wait for the bucket, the limit is "
        + config.maxWaiting().bytes()
        + " (storage.tiering.max_waiting)"
        + (lastError.isEmpty() ? "" : ": " + lastError);
  }

  public TieringStatus status() {
    Ownership now = ownership;
    DueParts.Waiting current = due.waiting();
    return new TieringStatus(
        now != null && !takenOver,
        now == null ? 0 : now.epoch(),
        "",
        current.parts(),
        current.bytes(),
        current.oldestMs(),
        changed.size(),
        removals.waiting(),
        lastSuccessMs,
        lastError);
  }

  private void changed(TenantDay day, @Nullable Manifest before, @Nullable Manifest after) {
    if (after != null && !DayPlan.localParts(after).isEmpty()) {
      due.note(day);
    }
    boolean ownMove = Thread.currentThread() == working;
    if (!ownMove && (after == null || after.parts().isEmpty() || differs(before, after))) {
      changed.add(day);
    }
  }

  private static boolean differs(@Nullable Manifest before, Manifest after) {
    List<PartEntry> had = before == null ? List.of() : inBucket(before);
    List<PartEntry> has = inBucket(after);
    return !had.equals(has)
        || (before != null && !has.isEmpty() && !before.deletions().equals(after.deletions()));
  }

  private static List<PartEntry> inBucket(Manifest manifest) {
    return manifest.parts().stream().filter(part -> BucketKeys.isInBucket(part.object())).toList();
  }

  private void run() {
    long pauseMs = config.interval().toMillis();
    while (!closed) {
      try {
        cycle();
        pauseMs = config.interval().toMillis();
      } catch (FormerOwner e) {
        LOG.error("the bucket is no longer this server's: {}", e.getMessage());
        failed(e);
        pauseMs = LONGEST_PAUSE_MS;
      } catch (IOException | RuntimeException e) {
        if (closed) {
          return;
        }
        LOG.warn("the bucket cannot be brought up to date, it is tried again: {}", e.getMessage());
        LOG.debug("why the bucket cannot be brought up to date", e);
        failed(e);
        pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(config.interval().toMillis(), pauseMs * 2));
      }
      pause(pauseMs);
    }
  }

  private void pause(long ms) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(ms);
      while (!isAsked && !closed && left > 0) {
        left = asked.awaitNanos(left);
      }
      isAsked = false;
    } catch (InterruptedException e) {
      closed = true; // by close()
    } finally {
      lock.unlock();
    }
  }

  private void failed(Exception e) {
    metrics.failed();
    lastError = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    List<PartUpload.Item> _ = due.survey();
  }

  /**
   * Brings the bucket up to date with what is due now. By one thread at a time; tests call it
   * instead of {@link #start}.
   */
  public void cycle() throws IOException {
    working = Thread.currentThread();
    if (takenOver) {
      List<PartUpload.Item> _ = due.survey();
      return;
    }
    try {
      Ownership own = attached();
      long beganMs = clock.millis();
      if (!compared) {
        compare(own);
      }
      boolean more = true;
      while (more && !closed) {
        more = batch(own);
      }
      if (!closed) {
        remove(own, beganMs);
        searchOrphans(own, beganMs);
        copyDocuments(own);
        lastSuccessMs = clock.millis();
        lastError = "";
      }
    } catch (FormerOwner e) {
      takenOver = true;
      throw e;
    } finally {
      working = null;
    }
  }

  private Ownership attached() throws IOException {
    Ownership own = ownership;
    if (own == null) {
      attach(new Ownership.Claim(binding(), owner, false));
      own = ownership;
    }
    if (own == null) {
      throw new IllegalStateException("the bucket was not taken");
    }
    return own;
  }

  /** Once: what the bucket and this directory may tell differently is looked at. */
  private void compare(Ownership own) throws IOException {
    adoptLostDays(own);
    for (BucketManifests.DayOf each : bucketManifests.days(own.changedBefore())) {
      changed.add(new TenantDay(each.tenant(), each.signal(), each.day()));
    }
    forEachDay((day, manifest) -> {
      if (manifest.parts().isEmpty() || !inBucket(manifest).isEmpty()) {
        changed.add(day);
      }
    });
    compared = true;
  }

  // ---- one batch

  /** False when nothing is left to do. */
  private boolean batch(Ownership own) throws IOException {
    List<PartUpload.Item> items = due.survey();
    for (PartEntry copy : uploads.obsolete(this::isThere)) {
      removals.add(copy.object());
    }
    Map<TenantDay, List<PartEntry>> chosen = choose(items);
    if (chosen.isEmpty()) {
      return false;
    }
    chosen.keySet().forEach(changed::remove);
    boolean done = false;
    try (Manifests.Lease _ = manifests.lease()) {
      bringUpToDate(own, plans(chosen.keySet()), chosen);
      done = true;
    } catch (UnreadablePart e) {
      LOG.error("a part stays where it is", e);
      metrics.failed();
      due.pause(e.part(), UNREADABLE_PAUSE);
      return true;
    } finally {
      if (!done) {
        changed.addAll(chosen.keySet());
      }
    }
    return true;
  }

  private Map<TenantDay, List<PartEntry>> choose(List<PartUpload.Item> items) {
    Map<TenantDay, List<PartEntry>> chosen = new HashMap<>();
    for (TenantDay day : changed) {
      if (chosen.size() < BATCH_DAYS) {
        chosen.put(day, new ArrayList<>());
      }
    }
    long bytes = 0;
    for (PartUpload.Item item : items) {
      if (bytes >= BATCH_BYTES || chosen.size() >= BATCH_DAYS) {
        break;
      }
      bytes += item.part().length();
      chosen.computeIfAbsent(item.day(), _ -> new ArrayList<>()).add(item.part());
    }
    return chosen;
  }

  private List<DayPlan> plans(Collection<TenantDay> days) throws IOException {
    return ParallelSteps.run(days, this::plan).stream().flatMap(Optional::stream).toList();
  }

  private Optional<DayPlan> plan(TenantDay day) throws IOException {
    BucketManifests.Stored remote = bucketManifests.read(day.tenant(), day.signal(), day.day());
    Manifest local = manifests.get(day.tenant(), day.signal(), day.day());
    if (local == null && remote.manifest() != null) {
      publications.adopt(day, FollowedManifests.asLocal(remote.manifest()));
      local = manifests.get(day.tenant(), day.signal(), day.day());
    }
    return local == null ? Optional.empty() : Optional.of(new DayPlan(day, local, remote));
  }

  private void bringUpToDate(
      Ownership own, List<DayPlan> plans, Map<TenantDay, List<PartEntry>> chosen)
      throws IOException {
    List<PartUpload.Item> items = new ArrayList<>();
    for (DayPlan plan : plans) {
      List<PartEntry> parts = new ArrayList<>(plan.mustUpload());
      for (PartEntry part : chosen.getOrDefault(plan.day(), List.of())) {
        if (!parts.contains(part) && plan.isKnownLocally(part)) {
          parts.add(part);
        }
      }
      for (PartEntry part : parts) {
        if (!plan.copies().containsKey(part)) {
          items.add(new PartUpload.Item(plan.day(), part));
        }
      }
    }
    uploads.upload(items);
    Map<TenantDay, DayPlan> byDay = new HashMap<>();
    plans.forEach(plan -> byDay.put(plan.day(), plan));
    for (PartUpload.Item item : items) {
      PartEntry copy = uploads.copyOf(item);
      DayPlan plan = byDay.get(item.day());
      if (copy != null && plan != null) {
        plan.uploaded(item.part(), copy);
      }
    }
    List<String> written = new ArrayList<>();
    for (Boolean wasWritten : ParallelSteps.run(plans, plan -> write(own, plan))) {
      // In the order of the plans.
      written.add(
          wasWritten
              ? BucketManifests.key(
                  plans.get(written.size()).day().tenant(),
                  plans.get(written.size()).day().signal(),
                  plans.get(written.size()).day().day())
              : "");
    }
    written.removeIf(String::isEmpty);
    if (!written.isEmpty() || plans.stream().anyMatch(plan -> !plan.copies().isEmpty())) {
      own.confirm(written);
    }
    for (DayPlan plan : plans) {
      settle(plan);
    }
    uploads.settled(items);
  }

  private boolean write(Ownership own, DayPlan plan) throws IOException {
    Manifest next = plan.next();
    if (!plan.differs(next)) {
      return false;
    }
    TenantDay day = plan.day();
    bucketManifests.write(
        BucketManifests.key(day.tenant(), day.signal(), day.day()),
        plan.remote(),
        next,
        own.epoch());
    metrics.manifestWritten();
    return true;
  }

  /** The bucket knows, and is ours: now the local manifest. */
  private void settle(DayPlan plan) throws IOException {
    if (!plan.copies().isEmpty()) {
      Set<PartEntry> moved = publications.move(plan.day(), plan.copies());
      plan.copies()
          .forEach((part, copy) -> {
            if (!moved.contains(part)) {
              // Merged or dropped meanwhile; the bucket names the copy until the next batch.
              changed.add(plan.day());
              removals.add(copy.object());
            }
          });
    } else if (plan.isOver()) {
      publications.forget(plan.day());
    }
  }

  private boolean isThere(PartUpload.Item item) {
    Manifest manifest = manifests.get(item.day().tenant(), item.day().signal(), item.day().day());
    return manifest != null && manifest.parts().contains(item.part());
  }

  // ---- removals

  private boolean isNamed(String key) {
    return manifests.isNamed(BucketKeys.local(key)) || uploads.isUnderWay(key);
  }

  private void remove(Ownership own, long beganMs) throws IOException {
    List<String> removable =
        removals.due(beganMs - config.removalDelay().toMillis(), this::isNamed);
    if (removable.isEmpty()) {
      return;
    }
    // What memory shows of the local manifests must be what a restart would find.
    publications.settle();
    own.confirm(List.of());
    ParallelSteps.run(
        removable,
        key -> {
          removals.remove(bucket, key);
          metrics.removed();
          return true;
        });
  }

  private void searchOrphans(Ownership own, long nowMs) throws IOException {
    boolean isTime =
        orphansSearchedMs == 0 || nowMs >= orphansSearchedMs + ORPHAN_SEARCH.toMillis();
    if (orphanAge.isZero() || !isTime) {
      return;
    }
    long age = Math.max(orphanAge.toMillis(), config.removalDelay().toMillis());
    List<String> orphans = BucketRemovals.orphans(bucket, nowMs - age, this::isNamed);
    if (!orphans.isEmpty()) {
      // A listing at the start that was too old may have hidden a day this machine lost.
      adoptLostDays(own);
      adoptDaysOf(orphans);
      orphans.removeIf(this::isNamed);
    }
    if (!orphans.isEmpty()) {
      publications.settle();
      own.confirm(List.of());
      ParallelSteps.run(
          orphans,
          key -> {
            removals.remove(bucket, key);
            metrics.removed();
            return true;
          });
      metrics.orphansFound(orphans.size());
      LOG.info("removed {} objects of the bucket that no manifest names", orphans.size());
    }
    orphansSearchedMs = nowMs;
  }

  private void copyDocuments(Ownership own) throws IOException {
    if (System.nanoTime() - documentsCopiedNanos < DOCUMENTS.toNanos()) {
      return;
    }
    int changed = documents.update(() -> own.confirm(List.of()));
    documentsCopiedNanos = System.nanoTime();
    LOG.debug("{} documents were copied into the bucket", changed);
  }

  /** Days of which nothing is known here but that these parts may be theirs. */
  private void adoptDaysOf(List<String> parts) throws IOException {
    Set<TenantDay> unknown = new HashSet<>();
    for (String key : parts) {
      BucketManifests.DayOf of = BucketManifests.dayOfPart(key);
      if (of != null && manifests.get(of.tenant(), of.signal(), of.day()) == null) {
        unknown.add(new TenantDay(of.tenant(), of.signal(), of.day()));
      }
    }
    ParallelSteps.run(unknown, this::plan); // which adopts
  }

  // ----

  @FunctionalInterface
  private interface DayVisitor {
    void visit(TenantDay day, Manifest manifest);
  }

  private void forEachDay(DayVisitor visitor) {
    for (Signal signal : Signal.values()) {
      for (TenantId tenant : manifests.tenants(signal)) {
        for (UtcDay number : manifests.days(tenant, signal)) {
          Manifest manifest = manifests.get(tenant, signal, number);
          if (manifest != null) {
            visitor.visit(new TenantDay(tenant, signal, number), manifest);
          }
        }
      }
    }
  }

  /** Breaks off what is under way; the next start goes on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      asked.signal();
    } finally {
      lock.unlock();
    }
    Thread own = thread;
    boolean interrupted = false;
    while (own != null && own.isAlive()) {
      try {
        own.interrupt();
        own.join(1_000);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
