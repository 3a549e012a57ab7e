// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.shard;

import io.skopos.storage.Frame;
import io.skopos.storage.SignalStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a shard's writer does next. */
sealed interface ShardTask {

  int shard();

  /** What it holds in memory while it waits. */
  long bytes();

  /**
   * @param replayed read back after a restart: some of its rows may be in parts already
   */
  record Apply(Frame frame, long position, boolean replayed) implements ShardTask {

    private static final int OVERHEAD = 128;

    @Override
    public int shard() {
      return frame.shard();
    }

    @Override
    public long bytes() {
      return OVERHEAD + (long) frame.payloadLength();
    }
  }

  /** Freezes the shard in these stores. */
  record Freeze(int shard, long position, List<SignalStore> stores, CompletableFuture<Void> frozen)
      implements ShardTask {

    @Override
    public long bytes() {
      return 0;
    }
  }
}
