// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.metrics.store.SampleBatch;
import java.util.ArrayDeque;

/**
 * What one scrape works in. A scrape borrows a set and gives it back; as many are kept as scrapes
 * usually overlap, the rest is left to the garbage collector.
 */
final class ScrapeBuffers {

  final BodyBytes wire = new BodyBytes();
  final BodyBytes body = new BodyBytes();
  final SampleBatch batch = new SampleBatch();

  /** The sets not in use. Thread-safe. */
  static final class Pool {

    private static final int KEPT = 8;

    private final ArrayDeque<ScrapeBuffers> free = new ArrayDeque<>();

    synchronized ScrapeBuffers borrow() {
      ScrapeBuffers buffers = free.poll();
      return buffers == null ? new ScrapeBuffers() : buffers;
    }

    void giveBack(ScrapeBuffers buffers) {
      buffers.wire.clear();
      buffers.body.clear();
      buffers.batch.clear();
      keep(buffers);
    }

    private synchronized void keep(ScrapeBuffers buffers) {
      if (free.size() < KEPT) {
        free.push(buffers);
      }
    }
  }
}
