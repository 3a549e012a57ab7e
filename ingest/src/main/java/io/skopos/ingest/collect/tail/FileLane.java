// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.json.JsonValue;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.TenantId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores parcels of entries one after the other, on a thread of its own, and writes down how far
 * files are stored: after that is so, within a second. Before entries are stored whose time is that
 * of reading, this time is written down, so that reading them again gives the same entries.
 */
final class FileLane {

  private static final Logger log = LoggerFactory.getLogger(FileLane.class);

  private static final long CHECKPOINT_MS = 1000;
  private static final long CLOSING_MS = 5000;

  /**
   * Entries, and what is to be known of their files once they are stored.
   *
   * @param notes positions to be written down beside theirs, by key; null removes one
   */
  record Parcel(
      Map<TenantId, LogBatch> batches,
      List<FollowedFile.Cut> cuts,
      Map<String, @Nullable JsonValue> notes) {}

  private final Delivery delivery;
  private final Positions positions;
  private final CollectMetrics metrics;
  private final Runnable roomAgain;
  private final BlockingQueue<Parcel> queue;
  private final Thread thread;
  private final Map<String, @Nullable JsonValue> unwritten = new LinkedHashMap<>();
  private long lastCheckpointNs = System.nanoTime();
  private String problem = "";
  private volatile boolean closing;

  /**
   * @param parcels that may wait
   * @param roomAgain called when one was stored
   */
  FileLane(
      Delivery delivery,
      Positions positions,
      CollectMetrics metrics,
      int parcels,
      Runnable roomAgain) {
    this.delivery = delivery;
    this.positions = positions;
    this.metrics = metrics;
    this.roomAgain = roomAgain;
    this.queue = new ArrayBlockingQueue<>(Math.max(1, parcels));
    this.thread = Thread.ofPlatform().daemon().name("collect-files-store").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean hasRoom() {
    return queue.remainingCapacity() > 0;
  }

  /** Waits for room, if there is none. */
  void put(Parcel parcel) throws InterruptedException {
    queue.put(parcel);
  }

  private void run() {
    try {
      while (true) {
        Parcel parcel = queue.poll(unwritten.isEmpty() ? 500 : 100, TimeUnit.MILLISECONDS);
        if (parcel != null) {
          store(parcel);
          roomAgain.run();
        } else if (closing) {
          break;
        }
        boolean due =
            System.nanoTime() - lastCheckpointNs > TimeUnit.MILLISECONDS.toNanos(CHECKPOINT_MS);
        if (!unwritten.isEmpty() && due) {
          tryCheckpoint();
        }
      }
      if (!unwritten.isEmpty()) {
        tryCheckpoint();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("storing what files say ended by a defect", e);
      throw e;
    }
  }

  private void store(Parcel parcel) throws InterruptedException {
    boolean first = false;
    for (FollowedFile.Cut cut : parcel.cuts) {
      if (cut.newReadings()) {
        unwritten.remove(cut.file().key);
        unwritten.put(cut.file().key, cut.file().intend(cut).json());
        first = true;
      }
    }
    while (first && !tryCheckpoint()) {
      TimeUnit.MILLISECONDS.sleep(CHECKPOINT_MS);
    }
    delivery.deliver(parcel.batches);
    for (FollowedFile.Cut cut : parcel.cuts) {
      unwritten.remove(cut.file().key);
      unwritten.put(cut.file().key, cut.file().store(cut).json());
    }
    for (Map.Entry<String, @Nullable JsonValue> note : parcel.notes.entrySet()) {
      unwritten.remove(note.getKey());
      unwritten.put(note.getKey(), note.getValue());
    }
  }

  private boolean tryCheckpoint() {
    lastCheckpointNs = System.nanoTime();
    try {
      positions.put(unwritten);
      unwritten.clear();
      metrics.checkpoints.inc();
      if (!problem.isEmpty()) {
        problem = "";
        log.info("positions of files can be written again");
      }
      return true;
    } catch (IOException e) {
      metrics.checkpointFailures.inc();
      if (problem.isEmpty()) {
        problem = String.valueOf(e.getMessage());
        log.warn("cannot write positions of files; they are read no further until it works", e);
      }
      return false;
    }
  }

  /** Stores what waits, for a while, and writes positions down. */
  void close() {
    closing = true;
    join(CLOSING_MS);
    abandon();
  }

  /** Stops at once, as a crash would. */
  void abandon() {
    thread.interrupt();
    join(CLOSING_MS);
  }

  private void join(long ms) {
    try {
      thread.join(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
