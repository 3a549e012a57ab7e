// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.background.BackgroundWork;
import io.skopos.storage.compact.Compaction;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.directory.DataDirectory;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.documents.Documents;
import io.skopos.storage.flush.FlushCycle;
import io.skopos.storage.flush.HeadPressure;
import io.skopos.storage.log.IngestLog;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.FollowedManifests;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.Parts;
import io.skopos.storage.publish.PendingDeletions;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.retention.Retention;
import io.skopos.storage.retention.RetentionByTenant;
import io.skopos.storage.shard.ApplyFailures;
import io.skopos.storage.shard.ShardWriters;
import io.skopos.storage.snapshot.DataSnapshot;
import io.skopos.storage.tiering.LedgerFollower;
import io.skopos.storage.tiering.Tiering;
import io.skopos.storage.tiering.TieringStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The assembled ground of one data directory. Thread-safe.
 *
 * <p>Life: open; build the stores on {@link #parts}, {@link #manifests} and {@link #sharding};
 * {@link #start} with the stores, which replays the log into them; then writes; {@link #close}.
 */
public final class Ground implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Ground.class);

  /** Parts replaced while a query held a lease go at the next look after it ended. */
  private static final long REMOVAL_INTERVAL_MS = 10_000;

  private static final String STOPPING = "the server is stopping; repeat elsewhere or later";
  private static final String READ_ONLY =
      "this server only reads the bucket of another one (--read-only); write to that one";

  private final StorageConfig config;
  private final Pieces pieces;
  private final InstantSource clock;
  private final MemoryBudget memory;
  private final PrometheusRegistry registry;
  private final PendingDeletions deletions;
  private final Publications publications;
  private final Retention retention;
  private final ExecutorService deleter =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("skopos-deletions").daemon(true).factory());

  private volatile @Nullable Running running;
  private volatile boolean closing;
  private volatile ReplayReport replay = ReplayReport.NOTHING;

  /**
   * What a ground stands on.
   *
   * @param closeables closed last, in order
   */
  record Pieces(
      DataDirectory directory,
      Documents documents,
      ObjectStore objects,
      Parts parts,
      PageCache pages,
      ManifestStore manifests,
      PendingDeletions deletions,
      Publications publications,
      @Nullable Tiering tiering,
      @Nullable Following following,
      IngestLog log,
      ApplyFailures applyFailures,
      DamagedFiles damagedFiles,
      DataSnapshot snapshots,
      List<AutoCloseable> closeables) {}

  /** Somebody else's bucket, as a reader knows it. */
  record Following(FollowedManifests manifests, LedgerFollower follower) {}

  /** What exists once the stores do. */
  private record Running(
      ShardWriters writers,
      HeadPressure pressure,
      FlushCycle flushes,
      BackgroundWork background,
      Compaction compaction) {}

  Ground(
      StorageConfig config,
      Pieces pieces,
      InstantSource clock,
      MemoryBudget memory,
      PrometheusRegistry registry) {
    this.config = config;
    this.pieces = pieces;
    this.clock = clock;
    this.memory = memory;
    this.registry = registry;
    deletions = pieces.deletions();
    publications = pieces.publications();
    retention =
        new Retention(config.retention(), pieces.manifests(), publications, clock, registry);
  }

  /**
   * Locks and opens the data directory, created when missing, and what lies in it. Removes orphans;
   * the log is read by {@link #start} only.
   *
   * @throws io.skopos.storage.directory.DataDirectoryInUse when another server has it
   * @throws io.skopos.storage.directory.UnsupportedDataDirectory when it is of another format
   */
  public static Ground open(
      Path directory,
      StorageConfig config,
      Disk disk,
      InstantSource clock,
      MemoryBudget memory,
      PrometheusRegistry registry)
      throws IOException {
    return open(directory, config, BucketUse.NONE, disk, clock, memory, registry);
  }

  /**
   * With a bucket below.
   *
   * @throws io.skopos.storage.tiering.BucketInUse when it belongs to another data directory
   * @throws io.skopos.storage.directory.DataDirectoryInUse when another server has the directory
   * @throws io.skopos.storage.directory.UnsupportedDataDirectory when it is of another format
   */
  public static Ground open(
      Path directory,
      StorageConfig config,
      BucketUse bucket,
      Disk disk,
      InstantSource clock,
      MemoryBudget memory,
      PrometheusRegistry registry)
      throws IOException {
    return GroundAssembly.open(directory, config, bucket, disk, clock, memory, registry);
  }

  public DataDirectory directory() {
    return pieces.directory();
  }

  public Documents documents() {
    return pieces.documents();
  }

  public Parts parts() {
    return pieces.parts();
  }

  /** Pages in memory; others than parts may keep theirs there, too. */
  public PageCache pages() {
    return pieces.pages();
  }

  /** What questions are asked of: a reader's are those of the bucket. */
  public Manifests manifests() {
    Following following = pieces.following();
    return following == null ? pieces.manifests() : following.manifests();
  }

  /** Whether it only reads somebody else's bucket. */
  public boolean isReadOnly() {
    return pieces.following() != null;
  }

  public Sharding sharding() {
    return pieces.directory().sharding();
  }

  /** What was found damaged since the start, oldest first. */
  public List<DamagedFile> damagedFiles() {
    return pieces.damagedFiles().list();
  }

  /**
   * Replays the log into the stores and begins to take writes. Once. Heads that outgrow their share
   * are flushed while the replay goes on.
   */
  public ReplayReport start(List<SignalStore> stores) throws IOException {
    if (running != null) {
      throw new IllegalStateException("the ground was started before");
    }
    HeadPressure pressure =
        new HeadPressure(stores, (long) (memory.limitBytes() * config.flush().headShare()));
    GaugeWithCallback.builder()
        .name("skopos_storage_head_bytes")
        .help("Memory of all heads, active and frozen.")
        .callback(callback -> callback.call(pressure.bytes()))
        .register(registry);
    ShardWriters writers =
        new ShardWriters(
            pieces.log().released(),
            Runtime.getRuntime().availableProcessors(),
            stores,
            pieces.manifests(),
            pieces.applyFailures(),
            registry);
    FlushCycle flushes =
        new FlushCycle(
            config.flush(),
            stores,
            writers,
            pieces.log(),
            publications,
            deletions,
            pressure,
            clock,
            registry);
    BackgroundWork background = new BackgroundWork(config.compaction().threads(), registry);
    Compaction compaction =
        new Compaction(
            config.compaction(),
            stores,
            pieces.manifests(),
            publications,
            pieces.objects(),
            background,
            clock,
            registry);
    Running started = new Running(writers, pressure, flushes, background, compaction);
    ReplayReport report;
    try {
      report =
          pieces
              .log()
              .start(
                  greatestPositions(), (frames, positions) -> accept(started, frames, positions));
    } catch (IOException | RuntimeException e) {
      background.close();
      flushes.close();
      writers.close();
      throw e;
    }
    writers.whenIdle().join();
    replay = report;
    noteReplayedDeletions();
    background.every(
        config.compaction().interval().toMillis(), "look for merges", compaction::look);
    background.every(config.retention().interval().toMillis(), "retention", retention::enforce);
    background.every(
        REMOVAL_INTERVAL_MS, "removal of replaced parts", pieces.manifests()::removeReplaced);
    Following following = pieces.following();
    if (following != null) {
      background.every(
          config.tiering().pollInterval().toMillis(),
          "poll of the bucket",
          following.follower()::poll);
    }
    running = started;
    Tiering tiering = pieces.tiering();
    if (tiering != null) {
      tiering.start();
    }
    LOG.info(
        "replayed {} frames with {} rows from {} bytes of the log in {} s",
        report.frames(),
        report.rows(),
        report.bytes(),
        report.seconds());
    return report;
  }

  /** In the log's order, before any shard sees the frames. */
  private void accept(Running started, List<Frame> frames, Positions positions) {
    boolean replaying = running == null;
    if (replaying) {
      awaitRoom(started);
    }
    Frame first = frames.getFirst();
    if (first.kind() == Frame.Kind.DELETION) {
      try {
        deletions.add(
            new PendingDeletions.Pending(
                first.tenant(),
                first.signal(),
                DeletionCodec.deletionOf(first),
                positions.shard(0),
                positions.position(0)));
      } catch (IOException e) {
        // The shards meet the same error, keep the frame aside and say so.
        LOG.warn("a deletion at position {} cannot be noted", positions.position(0), e);
      }
    }
    started.writers().accept(frames, positions, replaying);
  }

  /** While replaying, the log waits for a flush instead of refusing; unless the flush fails too. */
  private static void awaitRoom(Running started) {
    while (started.pressure().isExhausted() && started.flushes().lastError().isEmpty()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** A crash may have come between a deletion's frames and its manifests. */
  private void noteReplayedDeletions() {
    for (PendingDeletions.Pending deletion : deletions.all()) {
      try {
        publications.delete(deletion);
      } catch (IOException e) {
        LOG.warn("a replayed deletion is noted in the manifests at the next flush only", e);
      }
    }
  }

  /** New positions must be greater than any that a manifest names, also when the log was lost. */
  private long[] greatestPositions() {
    long greatest = -1;
    for (Signal signal : Signal.values()) {
      for (TenantId tenant : pieces.manifests().tenants(signal)) {
        for (UtcDay day : pieces.manifests().days(tenant, signal)) {
          Manifest manifest = pieces.manifests().get(tenant, signal, day);
          if (manifest != null) {
            greatest = Math.max(greatest, greatestOf(manifest));
          }
        }
      }
    }
    long[] positions = new long[sharding().shardCount()];
    Arrays.fill(positions, greatest);
    return positions;
  }

  private static long greatestOf(Manifest manifest) {
    long greatest = -1;
    for (long position : manifest.covered()) {
      greatest = Math.max(greatest, position);
    }
    for (PartEntry part : manifest.parts()) {
      greatest = Math.max(greatest, part.maxPosition());
    }
    for (DeletionEntry deletion : manifest.deletions()) {
      greatest = Math.max(greatest, deletion.position());
    }
    return greatest;
  }

  /**
   * Completes when the frames are durable and visible to queries. Completes with {@link
   * WriteUnavailable} when the log or the heads cannot take them. May wait for room in the log's
   * queue: call it from a thread that may wait. Dependents that are not asynchronous run on one
   * thread for all writes: keep them short.
   */
  public CompletableFuture<Positions> write(List<Frame> frames) {
    Running now = running();
    String refusal = refusal(now);
    if (!refusal.isEmpty()) {
      return CompletableFuture.failedFuture(new WriteUnavailable(refusal, null));
    }
    return pieces
        .log()
        .append(frames)
        .thenCompose(
            positions -> now.writers().whenApplied(positions).thenApply(applied -> positions));
  }

  private static String exhausted(Running now) {
    String error = now.flushes().lastError();
    return "rows not yet in parts use "
        + now.pressure().bytes()
        + " of "
        + now.pressure().limitBytes()
        + " bytes of memory (storage.flush.head_share of the memory budget); "
        + (error.isEmpty() ? "they are being written, repeat in some seconds" : error);
  }

  /**
   * Hides the matching rows written before; completes when durable and in force. When it completes
   * with {@link WriteUnavailable} after a failed swap of a manifest, the deletion is durable all
   * the same and is in force everywhere after the next flush; the message says so.
   */
  public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
    Running now = running();
    if (closing) {
      return CompletableFuture.failedFuture(new WriteUnavailable(STOPPING, null));
    }
    if (isReadOnly()) {
      return CompletableFuture.failedFuture(new WriteUnavailable(READ_ONLY, null));
    }
    List<Frame> frames = DeletionCodec.frames(tenant, signal, deletion, sharding().shardCount());
    return pieces
        .log()
        .append(frames)
        .thenCompose(
            positions -> now.writers().whenApplied(positions).thenApply(applied -> positions))
        .thenAcceptAsync(
            positions ->
                note(
                    new PendingDeletions.Pending(
                        tenant, signal, deletion, positions.shard(0), positions.position(0))),
            deleter);
  }

  private void note(PendingDeletions.Pending deletion) {
    try {
      publications.delete(deletion);
    } catch (IOException e) {
      throw new WriteUnavailable(
          "the deletion is durable, but not every manifest could be told; it is in force after the"
              + " next flush: "
              + e.getMessage(),
          e,
          true);
    }
  }

  /** Writes all heads as parts; completes when they are published. */
  public CompletableFuture<Void> flush() {
    return running().flushes().request();
  }

  /**
   * Makes a copy of the data directory below its {@code snapshots}, which a server can start on.
   *
   * @param skipHead leaves out what is in no part yet, instead of writing it first
   * @return its name
   */
  public String snapshot(boolean skipHead) throws IOException {
    Running now = running();
    if (!skipHead) {
      try {
        now.flushes().request().join();
      } catch (CompletionException e) {
        throw new IOException("the heads cannot be written: " + e.getCause(), e);
      }
    }
    return pieces.snapshots().create(clock.instant());
  }

  /**
   * Rewrites the parts of a tenant that hold rows hidden by deletions, without these rows.
   *
   * @return how many parts were rewritten
   */
  public int cleanDeletions(TenantId tenant, Signal signal) throws IOException {
    return running().compaction().clean(tenant, signal);
  }

  /** Merges and retention wait until {@link #resumeBackground}; the tasks at hand end. */
  public void pauseBackground() {
    running().background().pause();
  }

  public void resumeBackground() {
    running().background().resume();
  }

  /** Looks now for what is due: retention on this thread, merges in the background. */
  public void maintain() throws IOException {
    retention.enforce();
    pieces.manifests().removeReplaced();
    running().compaction().look();
  }

  /** The earliest time a row of this signal may have; {@code Long.MIN_VALUE} without a bound. */
  public long oldestKeptMs(Signal signal) {
    return retention.oldestKeptMs(signal);
  }

  /** The earliest time a tenant's row may have; {@code Long.MIN_VALUE} without a bound. */
  public long oldestKeptMs(TenantId tenant, Signal signal) {
    return retention.oldestKeptMs(tenant, signal);
  }

  /** From now on tenants' rows are kept for these times. */
  public void retentionOf(RetentionByTenant tenants) {
    retention.timesOf(tenants);
  }

  /** Up to which position the shard's frames are visible; -1 for none. */
  public long appliedPosition(int shard) {
    return running().writers().applied(shard);
  }

  public GroundStatus status() {
    Running now = running;
    var health = pieces.log().health();
    if (now == null) {
      return new GroundStatus(
          false,
          "the log is being replayed",
          health,
          replay,
          0,
          0,
          0,
          0,
          "",
          List.of(),
          tieringStatus());
    }
    String refusal = refusal(now);
    return new GroundStatus(
        health.writable() && refusal.isEmpty(),
        refusal.isEmpty() ? health.reason() : refusal,
        health,
        replay,
        now.writers().failedFrames(),
        now.pressure().bytes(),
        now.pressure().limitBytes(),
        now.flushes().lastFlushMs(),
        now.flushes().lastError(),
        now.background().errors(),
        tieringStatus());
  }

  /** Why writes are refused; empty when they are not. */
  private String refusal(Running now) {
    Tiering tiering = pieces.tiering();
    if (closing) {
      return STOPPING;
    }
    if (isReadOnly()) {
      return READ_ONLY;
    }
    if (now.pressure().isExhausted()) {
      return exhausted(now);
    }
    return tiering != null && tiering.isFull() ? tiering.fullBecause() : "";
  }

  private @Nullable TieringStatus tieringStatus() {
    Tiering tiering = pieces.tiering();
    Following following = pieces.following();
    return tiering != null
        ? tiering.status()
        : following == null ? null : following.follower().status();
  }

  /** Has what is due go into the bucket now, without waiting for it. */
  public void requestUpload() {
    Tiering tiering = pieces.tiering();
    if (tiering != null) {
      tiering.request();
    }
  }

  private Running running() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("the ground is not started");
    }
    return now;
  }

  /** Takes no more writes, applies what was taken, flushes (see the config), stops all threads. */
  @Override
  public void close() {
    closing = true;
    Running now = running;
    pieces.log().close();
    if (now != null) {
      now.background().close();
      if (config.flush().onClose()) {
        try {
          now.flushes().request().join();
        } catch (CompletionException e) {
          LOG.warn("the last flush failed; the next start replays the log", e);
        }
      }
      now.flushes().close();
      now.writers().close();
    }
    deleter.close();
    Tiering tiering = pieces.tiering();
    if (tiering != null) {
      tiering.close();
    }
    for (AutoCloseable closeable : pieces.closeables()) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.warn("cannot close {}", closeable, e);
      }
    }
  }
}
