// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.skopos.logs.store.frame.FrameRows;
import io.skopos.model.TenantId;
import java.io.IOException;

/**
 * Derives something from all entries: a checkpointed consumer of the log. It is told of every
 * durable frame in the order of its shard's positions, at its first time and again when a restart
 * replays the log; what it stores of a state carries the positions that the state is of, so that it
 * can skip what it knows.
 *
 * <p>Its life is that of the heads: what it learned up to a {@link #freeze} is stored by the next
 * {@link #flush}, and only then does the log forget the frames. Calls for a shard come one at a
 * time, shards side by side; flushes one at a time, beside them.
 */
public interface EntryConsumer {

  /** Derives nothing. */
  EntryConsumer NONE =
      new EntryConsumer() {
        @Override
        public void applied(TenantId tenant, int shard, FrameRows rows, long position) {}

        @Override
        public void freeze(int shard, long position) {}

        @Override
        public void flush(long[] positions) {}
      };

  /** Rows that are durable, before questions see them; must not throw. */
  void applied(TenantId tenant, int shard, FrameRows rows, long position);

  /** All frames of the shard up to this position were told of, and no later one. */
  void freeze(int shard, long position);

  /**
   * Makes durable what was learned up to the last freeze. When it throws, the log keeps the frames
   * and the next flush tries again.
   *
   * @param positions per shard, those of the last freeze; -1 for none
   */
  void flush(long[] positions) throws IOException;
}
