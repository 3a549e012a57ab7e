// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one process in one sequence of files. One thread takes everything that waits, gives it
 * positions, writes it with one sync, hands it over and completes the appends; while it syncs, the
 * next group gathers. Positions are one ascending number over all shards.
 *
 * <p>After a failed write the log answers {@link WriteUnavailable} at once and tries again every
 * retry interval in a new segment; it recovers by itself when the disk does.
 */
public final class FileIngestLog implements IngestLog {

  private static final Logger LOG = LoggerFactory.getLogger(FileIngestLog.class);

  /** A larger group gains nothing on a sync and makes its first append wait. */
  private static final long GROUP_BYTES = 8 << 20;

  private static final Duration IDLE = Duration.ofHours(1);

  private final Disk disk;
  private final Path directory;
  private final int shardCount;
  private final StorageConfig.Log config;
  private final Consumer<LogDamage> onDamage;
  private final SegmentSequence segments;
  private final AppendQueue queue;
  private final Queue<CompletableFuture<Void>> rolls = new ConcurrentLinkedQueue<>();
  private final PayloadCompression compression = new PayloadCompression();
  private final LogMetrics metrics;
  private final AtomicLong appendedBytes = new AtomicLong();

  private volatile String failure = "";
  private volatile ReplayReport replayed = ReplayReport.NOTHING;
  private volatile @Nullable Thread thread;

  // The log's thread only, once started.
  private @Nullable LogConsumer consumer;
  private long nextPosition;

  /**
   * @param directory the segments' own; created when missing
   * @param damagedDirectory where damaged segments go once nothing needs them any more
   * @param shardCount of the data directory
   * @param onDamage told about each damaged stretch while starting
   */
  public FileIngestLog(
      Disk disk,
      Path directory,
      Path damagedDirectory,
      int shardCount,
      StorageConfig.Log config,
      InstantSource clock,
      PrometheusRegistry registry,
      Consumer<LogDamage> onDamage)
      throws IOException {
    this.disk = disk;
    this.directory = directory;
    this.shardCount = shardCount;
    this.config = config;
    this.onDamage = onDamage;
    segments =
        new SegmentSequence(
            disk, directory, damagedDirectory, shardCount, config.segmentSize().bytes(), clock);
    queue = new AppendQueue(config.queueSize().bytes());
    metrics = new LogMetrics(registry, this);
  }

  @Override
  public ReplayReport start(long[] atLeast, LogConsumer consumer) throws IOException {
    if (thread != null) {
      throw new IllegalStateException("the log was started before");
    }
    ReleasedPositions released = segments.released();
    LogReplay replay = new LogReplay(disk, directory, shardCount, released, consumer, onDamage);
    ReplayReport report = replay.run();
    replayed = report;
    appendedBytes.addAndGet(report.frames() == 0 ? 0 : report.bytes());
    segments.adopt(replay.segments(), replay.highestSequence());
    nextPosition = replay.lastPosition() + 1;
    for (int shard = 0; shard < shardCount; shard++) {
      nextPosition = Math.max(nextPosition, atLeast[shard] + 1);
      nextPosition = Math.max(nextPosition, released.positions()[shard] + 1);
    }
    this.consumer = consumer;
    Thread started = Thread.ofPlatform().name("skopos-log").daemon(true).unstarted(this::run);
    thread = started;
    started.start();
    return report;
  }

  @Override
  public CompletableFuture<Positions> append(List<Frame> frames) {
    if (thread == null) {
      throw new IllegalStateException("the log is not started");
    }
    CompletableFuture<Positions> durable = new CompletableFuture<>();
    String reason = failure;
    if (!reason.isEmpty()) {
      refuse(durable, reason, null);
      return durable;
    }
    AppendRequest request = encode(frames, durable);
    try {
      switch (queue.offer(request, config.queueWait())) {
        case TAKEN -> {}
        case FULL ->
            refuse(
                durable,
                "the log's queue of "
                    + config.queueSize()
                    + " stayed full for "
                    + config.queueWait().toMillis()
                    + " ms; the disk does not keep up, repeat later",
                null);
        case CLOSED -> refuse(durable, "the server is stopping; repeat elsewhere or later", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(durable, "interrupted while waiting for room in the log's queue", e);
    }
    return durable;
  }

  private AppendRequest encode(List<Frame> frames, CompletableFuture<Positions> durable) {
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("an append without frames");
    }
    List<EncodedFrame> encoded = new ArrayList<>(frames.size());
    SegmentDictionary dictionary = segments.dictionary();
    long bytes = 0;
    for (Frame frame : frames) {
      if (frame.shard() < 0 || frame.shard() >= shardCount) {
        throw new IllegalArgumentException(
            "a frame for shard " + frame.shard() + " of " + shardCount);
      }
      if (frame.payloadLength() > FrameHeader.MAX_PAYLOAD) {
        throw new IllegalArgumentException(
            "a frame of "
                + frame.payloadLength()
                + " bytes, the limit is "
                + FrameHeader.MAX_PAYLOAD
                + "; split the batch");
      }
      EncodedFrame next = encode(frame, dictionary);
      encoded.add(next);
      bytes += next.extent();
    }
    return new AppendRequest(frames, encoded, bytes, durable);
  }

  private EncodedFrame encode(Frame frame, @Nullable SegmentDictionary dictionary) {
    return EncodedFrame.of(frame, config.compression() ? compression : null, dictionary);
  }

  /** A segment may have begun since the frames were encoded. */
  private void encodeAgainWhatDoesNotFit(List<AppendRequest> group) {
    SegmentDictionary dictionary = segments.dictionary();
    for (AppendRequest request : group) {
      request
          .encoded()
          .replaceAll(frame -> frame.fits(dictionary) ? frame : encode(frame.frame(), dictionary));
    }
  }

  private void refuse(
      CompletableFuture<Positions> durable, String reason, @Nullable Throwable cause) {
    refuse(durable, reason, cause, false);
  }

  private void refuse(
      CompletableFuture<Positions> durable,
      String reason,
      @Nullable Throwable cause,
      boolean unknown) {
    metrics.refused.inc();
    durable.completeExceptionally(new WriteUnavailable(reason, cause, unknown));
  }

  private void run() {
    while (!queue.ended()) {
      settleRolls();
      boolean failing = !failure.isEmpty();
      List<AppendRequest> group = queue.take(GROUP_BYTES, failing ? config.retryInterval() : IDLE);
      try {
        if (!group.isEmpty()) {
          write(group);
        } else if (failing) {
          probe();
        }
      } catch (RuntimeException | Error e) {
        // A bug must not leave writers waiting for ever.
        LOG.error("the log's thread failed on a group", e);
        for (AppendRequest request : group) {
          refuse(request.durable(), "the log failed; this write's fate is unknown", e, true);
        }
      } finally {
        queue.done(group);
      }
    }
    segments.close();
    settleRolls();
  }

  /** Everything written so far was handed over: this thread does that, too. */
  private void settleRolls() {
    for (CompletableFuture<Void> roll = rolls.poll(); roll != null; roll = rolls.poll()) {
      segments.sealActive();
      roll.complete(null);
    }
  }

  @Override
  public CompletableFuture<Void> roll() {
    Thread started = thread;
    if (started == null || !started.isAlive()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> roll = new CompletableFuture<>();
    rolls.add(roll);
    queue.stir();
    return roll;
  }

  private void write(List<AppendRequest> group) {
    long bytes = 0;
    for (AppendRequest request : group) {
      bytes += request.bytes();
    }
    try {
      checkReserve();
      segments.prepare(bytes, nextPosition);
    } catch (IOException e) {
      fail(group, "cannot write the log: " + SegmentSequence.message(e), e, false);
      return;
    }
    encodeAgainWhatDoesNotFit(group);
    List<Positions> positions = assign(group);
    long started = System.nanoTime();
    try {
      segments.write(group, positions);
    } catch (IOException | RuntimeException | Error e) {
      metrics.failures.inc();
      String reason = "cannot write the log: " + e.getMessage();
      boolean cut = segments.abandonTail();
      if (!cut) {
        reason +=
            " (and cannot cut it back: the fate of this write is unknown until the disk works"
                + " again; repeating it is harmless)";
      }
      fail(group, reason, e, !cut);
      return;
    }
    metrics.groupSeconds.observe((System.nanoTime() - started) / 1e9);
    metrics.groups.inc();
    metrics.bytes.inc(bytes);
    appendedBytes.addAndGet(bytes);
    recovered();
    handOver(group, positions);
  }

  /** Refused groups use up their positions too, so that none ever comes twice. */
  private List<Positions> assign(List<AppendRequest> group) {
    List<Positions> positions = new ArrayList<>(group.size());
    for (AppendRequest request : group) {
      int count = request.frames().size();
      int[] shards = new int[count];
      long[] own = new long[count];
      for (int frame = 0; frame < count; frame++) {
        shards[frame] = request.frames().get(frame).shard();
        own[frame] = nextPosition++;
      }
      positions.add(new Positions(shards, own));
    }
    return positions;
  }

  private void handOver(List<AppendRequest> group, List<Positions> positions) {
    LogConsumer target = consumer;
    if (target == null) {
      throw new IllegalStateException("no consumer");
    }
    for (int i = 0; i < group.size(); i++) {
      AppendRequest request = group.get(i);
      target.accept(request.frames(), positions.get(i));
      metrics.frames.inc(request.frames().size());
      request.durable().complete(positions.get(i));
    }
  }

  private void fail(List<AppendRequest> group, String reason, Throwable cause, boolean unknown) {
    if (failure.isEmpty()) {
      LOG.error("writes are refused from now on: {}", reason, cause);
    }
    failure = reason;
    for (AppendRequest request : group) {
      refuse(request.durable(), reason, cause, unknown);
    }
  }

  private void probe() {
    try {
      checkReserve();
      segments.prepare(0, nextPosition);
      recovered();
    } catch (IOException e) {
      failure = "cannot write the log: " + SegmentSequence.message(e);
    }
  }

  private void recovered() {
    if (!failure.isEmpty()) {
      LOG.info("writes are taken again");
      failure = "";
    }
  }

  private void checkReserve() throws IOException {
    long usable = disk.usableBytes(directory);
    if (usable < config.reserve().bytes()) {
      throw new IOException(
          directory
              + " has "
              + usable
              + " free bytes, fewer than the reserve of "
              + config.reserve()
              + "; free some space, shorten the retention or lower storage.log.reserve");
    }
  }

  @Override
  public void release(long[] positions) throws IOException {
    segments.release(positions);
  }

  @Override
  public long[] released() {
    return segments.released().positions().clone();
  }

  @Override
  public LogHealth health() {
    String reason = failure;
    return new LogHealth(
        reason.isEmpty(),
        reason,
        segments.segmentCount(),
        segments.keptBytes(),
        appendedBytes.get(),
        queue.bytes());
  }

  ReplayReport replayed() {
    return replayed;
  }

  @Override
  public void close() {
    queue.close();
    Thread running = thread;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    compression.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
