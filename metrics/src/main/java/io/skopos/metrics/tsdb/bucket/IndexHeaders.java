// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.skopos.metrics.tsdb.block.IndexHeader;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The heads of the indexes in use, up to a number of bytes of heap. Thread-safe. */
final class IndexHeaders {

  private final AsyncCache<String, IndexHeader> headers;

  IndexHeaders(long maxBytes) {
    headers =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String key, IndexHeader header) ->
                (int) Math.min(Integer.MAX_VALUE, header.heapBytes()))
            .executor(Runnable::run)
            .buildAsync();
  }

  /** Read once, however many queries want it. */
  IndexHeader of(KnownBlock block) throws IOException {
    String key = block.listed().key();
    while (true) {
      CompletableFuture<IndexHeader> mine = new CompletableFuture<>();
      CompletableFuture<IndexHeader> present = headers.asMap().putIfAbsent(key, mine);
      if (present == null) {
        return read(block, mine);
      }
      try {
        return present.get();
      } catch (ExecutionException | CancellationException e) {
        // Another query failed or was cancelled with it; this one tries by itself.
        boolean _ = headers.asMap().remove(key, present);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the head of an index was read", e);
      }
    }
  }

  private IndexHeader read(KnownBlock block, CompletableFuture<IndexHeader> mine)
      throws IOException {
    try {
      IndexHeader header = IndexHeader.forLookups(block.files());
      mine.complete(header);
      return header;
    } catch (IOException | RuntimeException | Error e) {
      // The cache would log any other kind of exception.
      CancellationException failure = new CancellationException();
      failure.initCause(e);
      mine.completeExceptionally(failure);
      throw e;
    }
  }
}
