// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one query may spend, and its off switch. Leaves and operators charge it before they allocate
 * or read; going over stops this query only. Closed when nothing of the query is held any more, its
 * answer included. Thread-safe.
 */
public final class QueryBudget implements AutoCloseable {

  /** Zero means unlimited. */
  public record Limits(
      long maxSamples, long maxSeries, long maxBytes, long maxFetchedBytes, long maxReadBytes) {
    public static final Limits UNLIMITED = new Limits(0, 0, 0);

    /** Any number of fetched and read bytes. */
    public Limits(long maxSamples, long maxSeries, long maxBytes) {
      this(maxSamples, maxSeries, maxBytes, 0, 0);
    }
  }

  /** Lets a query that runs long give way to others. */
  @FunctionalInterface
  public interface Pace {

    /** Does nothing. */
    Pace NONE = _ -> {};

    /**
     * May wait a moment.
     *
     * @param stopped whether the query is to end
     */
    void giveWay(BooleanSupplier stopped);
  }

  /** So many checks are made between two looks at the pace. */
  private static final int CHECKS_PER_PACE = 32;

  private static final int MOST_WARNINGS = 1000;

  private final Limits limits;
  private final Pace pace;
  private int checks;
  private final long deadlineNanos;
  private final QueryMemory memory;
  private final AtomicLong heldOfMemory = new AtomicLong();
  private volatile boolean closed;
  private volatile boolean stoppedForMemory;
  private final AtomicLong heldSamples = new AtomicLong();
  private final AtomicLong peakSamples = new AtomicLong();
  private final AtomicLong readSamples = new AtomicLong();
  private final AtomicLong series = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong fetchedBytes = new AtomicLong();
  private final AtomicLong readBytes = new AtomicLong();
  private final Set<String> warnings = new ConcurrentSkipListSet<>();
  private volatile @Nullable String cancelledBecause;

  /**
   * @param timeoutNanos from now; 0 for none
   */
  public QueryBudget(Limits limits, long timeoutNanos) {
    this(limits, timeoutNanos, new QueryMemory(0));
  }

  /**
   * @param timeoutNanos from now; 0 for none
   * @param memory what the queries of the process share
   */
  public QueryBudget(Limits limits, long timeoutNanos, QueryMemory memory) {
    this(limits, timeoutNanos, memory, Pace.NONE);
  }

  /**
   * @param timeoutNanos from now; 0 for none
   * @param memory what the queries of the process share
   * @param pace looked at while the query runs
   */
  public QueryBudget(Limits limits, long timeoutNanos, QueryMemory memory, Pace pace) {
    this.pace = pace;
    this.limits = limits;
    this.memory = memory;
    this.deadlineNanos = timeoutNanos == 0 ? 0 : System.nanoTime() + timeoutNanos;
  }

  public static QueryBudget unlimited() {
    return new QueryBudget(Limits.UNLIMITED, 0);
  }

  /** Samples now held in memory for this query, as Prometheus' max-samples counts them. */
  public void holdSamples(long count) {
    long now = heldSamples.addAndGet(count);
    peakSamples.accumulateAndGet(now, Math::max);
    if (count > 0 && limits.maxSamples != 0 && now > limits.maxSamples) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_SAMPLES,
          "query processing would load too many samples into memory in query execution");
    }
    holdOfMemory(count * QueryMemory.BYTES_PER_SAMPLE);
  }

  /** Room held for steps without a sample: blocks are dense. Released with a negative count. */
  public void holdAbsent(long count) {
    holdOfMemory(count * QueryMemory.BYTES_PER_ABSENT);
  }

  private void holdOfMemory(long count) {
    if (closed) {
      return;
    }
    if (heldOfMemory.getAndAdd(count) == 0) {
      memory.begin(this);
    }
    if (!memory.hold(this, count)) {
      stoppedForMemory = true;
    }
    if (stoppedForMemory && count > 0) {
      throw outOfMemory();
    }
  }

  private QueryAborted outOfMemory() {
    return new QueryAborted(
        QueryAborted.Reason.TOO_MANY_BYTES,
        "the running queries and their answers together would hold more than the "
            + memory.limitBytes()
            + " bytes of heap there are for them, and this one holds most; ask for a longer step, a"
            + " shorter range or fewer series, or give the server more memory");
  }

  long heldBytes() {
    return heldOfMemory.get();
  }

  void stopForMemory() {
    stoppedForMemory = true;
  }

  /** Whether its answer, too, is to be given up, as others need the memory. */
  public boolean isStoppedForMemory() {
    return stoppedForMemory;
  }

  /**
   * The evaluation is over: of all that was held only the answer is left. It is held until the
   * budget is closed.
   */
  public void holdOnly(long answerBytes) {
    if (!closed) {
      memory.release(heldOfMemory.getAndSet(answerBytes) - answerBytes);
    }
  }

  /** What is held still is no longer counted, nor what comes later. */
  @Override
  public void close() {
    closed = true;
    memory.release(heldOfMemory.getAndSet(0));
    memory.end(this);
  }

  public void releaseSamples(long count) {
    holdSamples(-count);
  }

  /** Samples read from the store, held or not; for statistics and for cancelling long scans. */
  public void readSamples(long count) {
    readSamples.addAndGet(count);
    checkRunning();
  }

  public void addSeries(long count) {
    long now = series.addAndGet(count);
    if (limits.maxSeries != 0 && now > limits.maxSeries) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_SERIES,
          "the query selects more than "
              + limits.maxSeries
              + " series (query.max_series); select fewer with more label matchers");
    }
  }

  /** Labels, texts and the like; they count as held until the query has ended. */
  public void addBytes(long count) {
    long now = bytes.addAndGet(count);
    if (limits.maxBytes != 0 && now > limits.maxBytes) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_BYTES,
          "the query needs more than "
              + limits.maxBytes
              + " bytes (query.max_bytes); ask for a shorter range or a longer step");
    }
    holdOfMemory(count);
  }

  /**
   * Bytes that are about to be fetched from a bucket. Never throws: a query that goes over is
   * stopped by its next {@link #checkRunning}, before it asks for more.
   */
  public void fetchBytes(long count) {
    fetchedBytes.addAndGet(count);
  }

  /** Bytes of rows looked at, such as those of log lines, kept or not. */
  public void readBytes(long count) {
    long now = readBytes.addAndGet(count);
    if (limits.maxReadBytes != 0 && now > limits.maxReadBytes) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_BYTES,
          "the query would read too many bytes: more than the "
              + limits.maxReadBytes
              + " bytes of log lines that one may (logs.max_query_bytes); ask with more stream"
              + " selectors or for a shorter range");
    }
  }

  /** What the answer lacks and why, where an answer has no warnings of its own. */
  public void warn(List<String> some) {
    if (warnings.size() < MOST_WARNINGS) {
      warnings.addAll(some);
    }
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Cheap; called at least once per series and per thousand samples. */
  public void checkRunning() {
    // A count that threads lose does no harm.
    if ((++checks & (CHECKS_PER_PACE - 1)) == 0) {
      pace.giveWay(this::isStopped);
    }
    String reason = cancelledBecause;
    if (reason != null) {
      throw new QueryAborted(QueryAborted.Reason.CANCELLED, reason);
    }
    if (stoppedForMemory) {
      throw outOfMemory();
    }
    if (limits.maxFetchedBytes != 0 && fetchedBytes.get() > limits.maxFetchedBytes) {
      throw new QueryAborted(
          QueryAborted.Reason.TOO_MANY_BYTES,
          "the query would fetch more than "
              + limits.maxFetchedBytes
              + " bytes from the bucket (query.max_fetched_bytes); ask for a shorter range or fewer"
              + " series");
    }
    if (deadlineNanos != 0 && System.nanoTime() - deadlineNanos > 0) {
      throw new QueryAborted(
          QueryAborted.Reason.TIMEOUT, "query timed out in expression evaluation");
    }
  }

  private boolean isStopped() {
    return cancelledBecause != null
        || (deadlineNanos != 0 && System.nanoTime() - deadlineNanos > 0);
  }

  public void cancel(String reason) {
    cancelledBecause = reason;
  }

  public long samplesRead() {
    return readSamples.get();
  }

  /** Bytes of rows looked at. */
  public long bytesRead() {
    return readBytes.get();
  }

  public long peakSamplesHeld() {
    return peakSamples.get();
  }

  /** What was charged so far, freed or not. */
  public long bytesCharged() {
    return bytes.get();
  }

  public long seriesSelected() {
    return series.get();
  }
}
