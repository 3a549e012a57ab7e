// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The assembled ground of one data directory.
 *
 * <p>Life: open; build the stores on {@link #parts}, {@link #manifests} and {@link #sharding};
 * {@link #start} with the stores, which replays the log into them; then writes; {@link #close}.
 */
public interface Ground extends AutoCloseable {

  Parts parts();

  Manifests manifests();

  Sharding sharding();

  /** Replays the log into the stores and begins to take writes. Once. */
  ReplayReport start(List<SignalStore> stores) throws IOException;

  /**
   * Completes when the frames are durable and visible to queries. Completes with {@link
   * WriteUnavailable} when the log or the heads cannot take them. May wait for room in the log's
   * queue: call it from a thread that may wait.
   */
  CompletableFuture<Positions> write(List<Frame> frames);

  /** Hides the matching rows written before; completes when durable and in force. */
  CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion);

  /** Writes all heads as parts; completes when they are published. */
  CompletableFuture<Void> flush();

  /**
   * The earliest time a row of this signal may have; {@code Long.MIN_VALUE} without a retention.
   */
  long oldestKeptMs(Signal signal);

  GroundStatus status();

  /** Takes no more writes, applies what was taken, flushes (see the config), stops all threads. */
  @Override
  void close();
}
