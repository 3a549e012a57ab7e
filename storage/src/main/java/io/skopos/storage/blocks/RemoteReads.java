// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of the bucket's objects. A read that fails is tried again; when it fails each time the
 * bucket is taken to be away, and reads fail at once for some seconds instead of holding up every
 * query for the length of all attempts. Thread-safe.
 */
final class RemoteReads {

  private static final int ATTEMPTS = 3;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ObjectStore bucket;
  private final Counter reads;
  private final Counter bytes;
  private final Counter failures;
  private final Histogram seconds;

  /** Null when the last read that mattered went well. */
  private volatile @Nullable Away away;

  private record Away(long untilNanos, IOException failure) {}

  RemoteReads(ObjectStore bucket, PrometheusRegistry registry) {
    this.bucket = bucket;
    reads = counter(registry, "fetches", "Ranges of parts read from the bucket.");
    bytes = counter(registry, "fetched_bytes", "Bytes of parts read from the bucket.");
    failures = counter(registry, "fetch_failures", "Reads from the bucket that failed.");
    seconds =
        Histogram.builder()
            .name("skopos_storage_fetch_seconds")
            .help("Time of one read of a range from the bucket.")
            .classicOnly()
            .classicUpperBounds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10)
            .register(registry);
  }

  /**
   * @throws BucketUnavailable when it cannot be read now, {@link MissingObject} or {@link
   *     EOFException} when it is not there
   */
  void read(String key, long offset, ByteBuffer into) throws IOException {
    failWhileAway();
    int start = into.position();
    int length = into.remaining();
    for (int attempt = 1; ; attempt++) {
      long began = System.nanoTime();
      try {
        bucket.getRange(key, offset, into);
        seconds.observe((System.nanoTime() - began) / 1e9);
        reads.inc();
        bytes.inc(length);
        away = null;
        return;
      } catch (MissingObject | EOFException e) {
        away = null;
        throw e;
      } catch (IOException e) {
        failures.inc();
        if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
          away = new Away(System.nanoTime() + AWAY_NANOS, e);
          throw unavailable(e);
        }
        into.position(start);
        LockSupport.parkNanos(FIRST_PAUSE_NANOS << (2 * (attempt - 1)));
      }
    }
  }

  private void failWhileAway() throws BucketUnavailable {
    Away now = away;
    if (now != null && System.nanoTime() - now.untilNanos < 0) {
      throw unavailable(now.failure);
    }
  }

  private static BucketUnavailable unavailable(IOException cause) {
    return new BucketUnavailable("the bucket cannot be read: " + cause.getMessage(), cause);
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder()
        .name("skopos_storage_" + name + "_total")
        .help(help)
        .register(registry);
  }
}
