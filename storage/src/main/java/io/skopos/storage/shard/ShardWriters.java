// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.shard;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.storage.Deletion;
import io.skopos.storage.DeletionCodec;
import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.SignalStore;
import io.skopos.storage.manifest.Manifests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies durable frames to the stores' heads, each shard by one thread in the order of its
 * positions. A thread owns several shards; its queue is bounded, and a full one makes the log wait.
 */
public final class ShardWriters implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardWriters.class);

  /** Over all writers; a few groups of the log. */
  private static final long QUEUE_BYTES = 32 << 20;

  private final Map<Signal, SignalStore> stores = new EnumMap<>(Signal.class);
  private final Manifests manifests;
  private final ApplyFailures failures;
  private final AppliedPositions applied;
  private final ShardQueue[] queues;
  private final List<Thread> threads = new ArrayList<>();
  private final ExecutorService acknowledger =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("skopos-acknowledger").daemon(true).factory());

  /** Makes a freeze one cut through all shards: appends are on one side of it as a whole. */
  private final ReentrantLock dispatch = new ReentrantLock(true);

  private final long[] dispatched;
  private final AtomicLong failed = new AtomicLong();
  private final Counter appliedFrames;
  private final Counter appliedRows;
  private final Counter failedFrames;

  /**
   * @param released per shard, up to where frames need not be applied any more
   * @param threadCount at most as many as shards are started
   */
  public ShardWriters(
      long[] released,
      int threadCount,
      List<SignalStore> stores,
      Manifests manifests,
      ApplyFailures failures,
      PrometheusRegistry registry) {
    for (SignalStore store : stores) {
      if (this.stores.put(store.signal(), store) != null) {
        throw new IllegalArgumentException("two stores for " + store.signal().key());
      }
    }
    this.manifests = manifests;
    this.failures = failures;
    this.applied = new AppliedPositions(released, acknowledger);
    this.dispatched = released.clone();
    int count = Math.clamp(threadCount, 1, released.length);
    appliedFrames =
        Counter.builder()
            .name("skopos_storage_applied_frames_total")
            .help("Durable frames put into the heads.")
            .register(registry);
    appliedRows =
        Counter.builder()
            .name("skopos_storage_applied_rows_total")
            .help("Rows of the frames put into the heads, by signal.")
            .labelNames("signal")
            .register(registry);
    failedFrames =
        Counter.builder()
            .name("skopos_storage_apply_failures_total")
            .help("Durable frames that could not be put into a head; kept aside.")
            .register(registry);
    queues = new ShardQueue[count];
    for (int i = 0; i < count; i++) {
      ShardQueue queue = new ShardQueue(QUEUE_BYTES / count);
      queues[i] = queue;
      threads.add(
          Thread.ofPlatform().name("skopos-shards-" + i).daemon(true).start(() -> run(queue)));
    }
    GaugeWithCallback.builder()
        .name("skopos_storage_shard_queue_bytes")
        .help("Durable frames waiting for their shard's writer; bounded.")
        .callback(callback -> callback.call(queuedBytes()))
        .register(registry);
  }

  /** Queues the frames of one append; waits while a queue is full. */
  public void accept(List<Frame> frames, Positions positions, boolean replayed) {
    dispatch.lock();
    try {
      for (int i = 0; i < frames.size(); i++) {
        int shard = positions.shard(i);
        dispatched[shard] = positions.position(i);
        queueOf(shard).put(new ShardTask.Apply(frames.get(i), positions.position(i), replayed));
      }
    } finally {
      dispatch.unlock();
    }
  }

  /** Completes when the frames at these positions, and all before them, are applied. */
  public CompletableFuture<Void> whenApplied(Positions positions) {
    return applied.when(positions);
  }

  /**
   * Freezes every shard of these stores at one cut of the log.
   *
   * @return per shard, the position of the last frame before the cut
   */
  public CompletableFuture<long[]> freeze(List<SignalStore> frozenStores) {
    List<CompletableFuture<Void>> frozen = new ArrayList<>();
    long[] cut;
    dispatch.lock();
    try {
      cut = dispatched.clone();
      for (int shard = 0; shard < cut.length; shard++) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        frozen.add(done);
        queueOf(shard).put(new ShardTask.Freeze(shard, cut[shard], frozenStores, done));
      }
    } finally {
      dispatch.unlock();
    }
    return CompletableFuture.allOf(frozen.toArray(CompletableFuture[]::new)).thenApply(done -> cut);
  }

  /** Completes when all that was accepted before this call is applied. */
  public CompletableFuture<Void> whenIdle() {
    int[] shards = new int[dispatched.length];
    long[] last;
    dispatch.lock();
    try {
      last = dispatched.clone();
    } finally {
      dispatch.unlock();
    }
    for (int shard = 0; shard < shards.length; shard++) {
      shards[shard] = shard;
    }
    return applied.when(new Positions(shards, last));
  }

  /** Up to which position the shard's frames are visible; -1 for none. */
  public long applied(int shard) {
    return applied.applied(shard);
  }

  public long failedFrames() {
    return failed.get();
  }

  private ShardQueue queueOf(int shard) {
    return queues[shard % queues.length];
  }

  private long queuedBytes() {
    long bytes = 0;
    for (ShardQueue queue : queues) {
      bytes += queue.bytes();
    }
    return bytes;
  }

  private void run(ShardQueue queue) {
    while (true) {
      List<ShardTask> tasks = queue.takeAll();
      if (tasks.isEmpty()) {
        return;
      }
      for (ShardTask task : tasks) {
        try {
          run(task);
        } finally {
          queue.done(task);
        }
      }
    }
  }

  private void run(ShardTask task) {
    switch (task) {
      case ShardTask.Apply apply -> {
        try {
          apply(apply);
          appliedFrames.inc();
        } catch (IOException | RuntimeException | Error e) {
          // The shard goes on: the frame is durable, kept aside and named; the next ones are not
          // its fault.
          failed.incrementAndGet();
          failedFrames.inc();
          failures.notApplied(apply.frame(), apply.position(), e);
        }
        applied.advance(apply.shard(), apply.position());
      }
      case ShardTask.Freeze freeze -> {
        try {
          for (SignalStore store : freeze.stores()) {
            store.freeze(freeze.shard(), freeze.position());
          }
          freeze.frozen().complete(null);
        } catch (RuntimeException | Error e) {
          LOG.error("cannot freeze shard {}", freeze.shard(), e);
          freeze.frozen().completeExceptionally(e);
        }
      }
    }
  }

  private void apply(ShardTask.Apply task) throws IOException {
    Frame frame = task.frame();
    SignalStore store = stores.get(frame.signal());
    if (store == null) {
      throw new IllegalStateException("this server has no store for " + frame.signal().key());
    }
    switch (frame.kind()) {
      case ROWS -> {
        store.apply(new FrameInLog(frame, task.position(), task.replayed(), manifests));
        appliedRows.labelValues(frame.signal().key()).inc(frame.rows());
      }
      case DELETION -> {
        Deletion deletion = DeletionCodec.deletionOf(frame);
        store.delete(frame.shard(), task.position(), frame.tenant(), deletion);
      }
    }
  }

  /** Applies what was accepted, then ends. Nothing is accepted afterwards. */
  @Override
  public void close() {
    for (ShardQueue queue : queues) {
      queue.close();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    acknowledger.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
