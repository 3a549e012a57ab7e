// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import io.skopos.storage.WriteUnavailable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The durable, ordered record of every write. Positions ascend within a shard, with gaps, and never
 * come twice; frames are self-contained. Thread-safe.
 *
 * <p>Life: {@link #start} once, then {@link #append} and {@link #release}, then {@link #close}.
 */
public interface IngestLog extends AutoCloseable {

  /**
   * Hands over every kept frame behind the released positions, in order, and then takes appends,
   * whose frames follow through the same consumer. Returns when the kept frames were handed over.
   * What is damaged is skipped, kept aside and named in the report; it never keeps a start from
   * succeeding.
   *
   * @param atLeast per shard, a position known from elsewhere (manifests): new frames get greater
   *     ones even when the log itself was lost
   */
  ReplayReport start(long[] atLeast, LogConsumer consumer) throws IOException;

  /**
   * Makes the frames durable together, in their order; frames of one call stay side by side in each
   * shard. Completes once they are durable; they are then on their way to the consumer, and the log
   * keeps them until released. Completes with {@link WriteUnavailable} when the log cannot take
   * them: they will not be handed over, then or after a restart, unless it says {@link
   * WriteUnavailable#fateUnknown}.
   *
   * <p>When the queue is full the calling thread waits for room, up to the configured time: call it
   * from a thread that may wait. Dependents of the future run on the log's threads: keep them short
   * or make them asynchronous. Frames and their payloads must not change afterwards.
   */
  CompletableFuture<Positions> append(List<Frame> frames);

  /**
   * Says that nothing up to these positions (per shard; -1 for none) has to be handed over again.
   * The log may drop it, now or later; a lost release only costs time at the next start.
   */
  void release(long[] positions) throws IOException;

  /**
   * Frames appended after the future's completion are kept apart from those before, which have all
   * been handed over by then: a release of these frees all their space. A log that frees space by
   * the frame does nothing.
   */
  default CompletableFuture<Void> roll() {
    return CompletableFuture.completedFuture(null);
  }

  /** Per shard, the positions released last; -1 for none. */
  long[] released();

  LogHealth health();

  /** Takes no more appends, finishes those queued, closes files. */
  @Override
  void close();
}
