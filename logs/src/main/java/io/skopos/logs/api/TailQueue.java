// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.model.Labels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What was written and one listener has not yet looked at. Bounded by bytes: what comes while it is
 * full is dropped, and remembered by stream and time. Thread-safe.
 */
final class TailQueue {

  private static final long MAX_BYTES = 8 << 20;
  private static final int MAX_DROPPED = 100;

  private final Deque<Piece> pieces = new ArrayDeque<>();
  private List<Dropped> dropped = new ArrayList<>();
  private long bytes;
  private boolean closed;

  private record Piece(List<AppendedRun> runs, long bytes) {}

  /** An entry that the listener was too slow for. */
  record Dropped(Labels stream, long timeNs) {}

  /** What is there now. */
  record Taken(List<AppendedRun> runs, List<Dropped> dropped) {}

  synchronized void offer(List<AppendedRun> runs, long size) {
    if (closed) {
      return;
    }
    if (bytes + size > MAX_BYTES && !pieces.isEmpty()) {
      for (AppendedRun run : runs) {
        if (dropped.size() < MAX_DROPPED) {
          dropped.add(new Dropped(run.stream(), run.minTimeNs()));
        }
      }
      return;
    }
    pieces.add(new Piece(runs, size));
    bytes += size;
    notifyAll();
  }

  /** Waits for something; empty when the time is over or it was closed. */
  synchronized Taken take(long waitMs) throws InterruptedException {
    if (pieces.isEmpty() && !closed) {
      wait(waitMs);
    }
    List<AppendedRun> runs = new ArrayList<>();
    pieces.forEach(piece -> runs.addAll(piece.runs));
    pieces.clear();
    bytes = 0;
    List<Dropped> lost = dropped;
    dropped = new ArrayList<>();
    return new Taken(runs, lost);
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    pieces.clear();
    notifyAll();
  }
}
