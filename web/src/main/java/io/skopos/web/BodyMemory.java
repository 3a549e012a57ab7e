// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.config.ByteSize;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the bodies of all requests hold together, below one limit. Arrays of usual sizes are used
 * again: a busy receiver would otherwise fill the young generation with them. Thread-safe.
 */
final class BodyMemory {

  private static final int SMALLEST_LOG = 13;
  private static final int LARGEST_LOG = 20;

  /** Of each size as many spare arrays as make this many bytes, but no more than {@link #SPARE}. */
  private static final int SPARE_BYTES = 2 << 20;

  private static final int SPARE = 8;

  private final ByteSize limit;
  private final AtomicLong used = new AtomicLong();
  private final Counter refused;

  /** Arrays of 2^({@link #SMALLEST_LOG} + index) bytes; each guarded by itself. */
  private final SpareArrays[] spare = new SpareArrays[LARGEST_LOG - SMALLEST_LOG + 1];

  BodyMemory(ByteSize limit, PrometheusRegistry registry) {
    this.limit = limit;
    for (int size = 0; size < spare.length; size++) {
      spare[size] = new SpareArrays(Math.min(SPARE, SPARE_BYTES >> SMALLEST_LOG + size));
    }
    GaugeWithCallback.builder()
        .name("skopos_web_body_memory_bytes")
        .help("Memory held by request bodies; at most web.max_body_memory.")
        .callback(gauge -> gauge.call(used.get()))
        .register(registry);
    refused =
        Counter.builder()
            .name("skopos_web_body_memory_refused_total")
            .help("Requests refused because the memory for bodies was used up.")
            .register(registry);
  }

  /** An array of at least that many bytes, with any content; given back once. */
  byte[] take(int atLeast) {
    if (atLeast > 1 << LARGEST_LOG) {
      reserve(atLeast);
      return new byte[atLeast];
    }
    int needed = Math.max(1 << SMALLEST_LOG, atLeast);
    int log = Integer.SIZE - Integer.numberOfLeadingZeros(needed - 1);
    reserve(1 << log);
    byte[] again = spare[log - SMALLEST_LOG].poll();
    return again == null ? new byte[1 << log] : again;
  }

  /** Nobody may touch it any more: it is handed to somebody else. */
  void giveBack(byte[] bytes) {
    used.addAndGet(-bytes.length);
    int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(bytes.length);
    if (log >= SMALLEST_LOG && log <= LARGEST_LOG && bytes.length == 1 << log) {
      spare[log - SMALLEST_LOG].offer(bytes);
    }
  }

  private void reserve(long bytes) {
    if (used.addAndGet(bytes) > limit.bytes()) {
      used.addAndGet(-bytes);
      refused.inc();
      throw HttpError.unavailable(
          "the bodies of the requests now being handled fill their memory of "
              + limit
              + " (web.max_body_memory); try again later",
          Duration.ofSeconds(1));
    }
  }

  /** Spare arrays of one size; the one given back last comes first, as it may still be cached. */
  private static final class SpareArrays {

    private final ArrayDeque<byte[]> arrays;
    private final int most;

    SpareArrays(int most) {
      this.arrays = new ArrayDeque<>(most);
      this.most = most;
    }

    synchronized byte @Nullable [] poll() {
      return arrays.pollLast();
    }

    synchronized void offer(byte[] bytes) {
      if (arrays.size() < most) {
        arrays.addLast(bytes);
      }
    }
  }
}
