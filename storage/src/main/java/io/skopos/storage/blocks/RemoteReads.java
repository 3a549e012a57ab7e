// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.StoreUnavailable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
  private static final long LONGEST_TRIAL_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final ObjectStore bucket;
  private final Counter reads;
  private final Counter bytes;
  private final Counter failures;
  private final Histogram seconds;

  /** Null when the last read that mattered went well. */
  private final AtomicReference<@Nullable Away> away = new AtomicReference<>();

  /**
   * @param untilNanos when one read may try whether it is back; the others go on failing
   */
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
        away.set(null);
        return;
      } catch (MissingObject | EOFException e) {
        away.set(null);
        throw e;
      } catch (IOException e) {
        failures.inc();
        boolean wasPatient = e instanceof StoreUnavailable; // it has tried again by itself
        if (wasPatient || attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
          away.set(new Away(System.nanoTime() + AWAY_NANOS, e));
          throw unavailable(e);
        }
        into.position(start);
        LockSupport.parkNanos(FIRST_PAUSE_NANOS << (2 * (attempt - 1)));
      }
    }
  }

  private void failWhileAway() throws BucketUnavailable {
    Away now = away.get();
    if (now == null) {
      return;
    }
    long nanos = System.nanoTime();
    boolean isTrial =
        nanos - now.untilNanos >= 0
            && away.compareAndSet(now, new Away(nanos + LONGEST_TRIAL_NANOS, now.failure));
    if (!isTrial) {
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
