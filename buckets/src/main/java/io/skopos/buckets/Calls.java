// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.skopos.storage.objects.ObjectStoreConfig.Requests;
import io.skopos.storage.objects.StoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a call of attempts: so many requests at once, each bounded in time, tried again with
 * growing, jittered pauses while the failure may pass and the call has time left. Thread-safe.
 */
final class Calls {

  private static final long FIRST_PAUSE_NANOS = 100_000_000;

  private final String store;
  private final Requests bounds;
  private final BucketMetrics metrics;
  private final Semaphore free;

  Calls(String store, Requests bounds, BucketMetrics metrics) {
    this.store = store;
    this.bounds = bounds;
    this.metrics = metrics;
    this.free = new Semaphore(bounds.concurrency(), true);
  }

  /** See {@link #call(Operation, String, Attempt, Resolution)}. */
  <T> T call(Operation operation, String key, Attempt<T> attempt) throws IOException {
    return call(
        operation,
        key,
        attempt,
        failure -> {
          throw failure;
        });
  }

  /**
   * @param unsure decides about a missing object or an unmet condition, when an earlier attempt may
   *     have been carried out although it failed
   * @throws StoreUnavailable when time is up
   * @throws RequestFailure when the failure does not pass with time
   */
  <T> T call(Operation operation, String key, Attempt<T> attempt, Resolution<T> unsure)
      throws IOException {
    long begin = System.nanoTime();
    long deadline = begin + bounds.timeout().toNanos();
    boolean maybeDone = false;
    @Nullable RequestFailure told = null;
    for (int number = 1; ; number++) {
      RequestFailure failure;
      boolean cutShort = deadline - System.nanoTime() < bounds.attemptTimeout().toNanos();
      try {
        return one(operation, attempt, deadline);
      } catch (RequestFailure e) {
        failure = e;
      }
      if (!failure.kind().isRetried()) {
        if (maybeDone && tellsOfTheObject(failure.kind())) {
          return unsure.resolve(failure);
        }
        throw failure;
      }
      maybeDone |= failure.kind().isMaybeDone();
      // One that had a moment left says nothing about the store; the one before does.
      if (told == null || !cutShort || failure.kind() != FailureKind.TIMEOUT) {
        told = failure;
      }
      long pause = pause(number, failure);
      if (System.nanoTime() + pause >= deadline) {
        metrics.failedCalls.labelValues(operation.label()).inc();
        throw new StoreUnavailable(
            what(operation, key)
                + " failed after "
                + number
                + (number == 1 ? " attempt in " : " attempts in ")
                + (System.nanoTime() - begin) / 1_000_000
                + " ms: "
                + told.getMessage(),
            told);
      }
      sleep(pause);
      metrics.retries.labelValues(operation.label()).inc();
    }
  }

  String what(Operation operation, String key) {
    return store + ": " + operation.label() + " of '" + key + "'";
  }

  private static boolean tellsOfTheObject(FailureKind kind) {
    return kind == FailureKind.PRECONDITION || kind == FailureKind.MISSING;
  }

  private <T> T one(Operation operation, Attempt<T> attempt, long deadline) throws IOException {
    enter(operation, deadline);
    long begin = System.nanoTime();
    String result = "error";
    try {
      long time = Math.min(bounds.attemptTimeout().toNanos(), deadline - begin);
      T value = RequestDeadline.within(Duration.ofNanos(Math.max(time, 1)), attempt::run);
      result = "ok";
      return value;
    } catch (RequestFailure e) {
      result = BucketMetrics.label(e.kind());
      throw e;
    } catch (InterruptedIOException e) {
      result = "interrupted";
      throw e;
    } finally {
      metrics.inFlight.decrementAndGet();
      free.release();
      metrics.ended(operation, result, System.nanoTime() - begin);
    }
  }

  private void enter(Operation operation, long deadline) throws IOException {
    metrics.waiting.incrementAndGet();
    try {
      if (!free.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        metrics.failedCalls.labelValues(operation.label()).inc();
        throw new StoreUnavailable(
            store
                + ": all "
                + bounds.concurrency()
                + " requests at once (storage.object_store.requests.concurrency) were taken for "
                + bounds.timeout().toMillis()
                + " ms",
            null);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      metrics.waiting.decrementAndGet();
    }
    metrics.inFlight.incrementAndGet();
  }

  // Full jitter: many who fail together do not come back together.
  private long pause(int number, RequestFailure failure) {
    long most =
        Math.min(bounds.maxPause().toNanos(), FIRST_PAUSE_NANOS << Math.min(number - 1, 20));
    long jittered = ThreadLocalRandom.current().nextLong(most / 4, most + 1);
    long asked = Math.min(failure.retryAfter().toNanos(), bounds.timeout().toNanos());
    return Math.max(jittered, asked);
  }

  private static void sleep(long nanos) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  /** One request. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException;
  }

  /** Finds out what became of a request whose answer was lost. */
  @FunctionalInterface
  interface Resolution<T> {
    T resolve(RequestFailure failure) throws IOException;
  }
}
