// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.delivery;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.WriteUnavailable;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings entries of one kind of source to the store. What the store has no room for now, or too
 * much of at once, is tried again until it is taken, so that the caller waits and reads no further;
 * only what the store calls wrong in itself is left out, and counted. Thread-safe.
 */
public final class Delivery {

  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  private static final long FIRST_REST_MS = 100;
  private static final long LONGEST_REST_MS = 10_000;
  private static final int TOO_LARGE = 413;
  private static final int TOO_MANY = 429;

  private final Intake intake;
  private final SourceKind kind;
  private final CollectMetrics metrics;
  private volatile String problem = "";
  private volatile String refusal = "";

  public Delivery(Intake intake, SourceKind kind, CollectMetrics metrics) {
    this.intake = intake;
    this.kind = kind;
    this.metrics = metrics;
  }

  /** Returns when all entries are durable or refused for good. */
  public void deliver(Map<TenantId, LogBatch> batches) throws InterruptedException {
    for (Map.Entry<TenantId, LogBatch> one : batches.entrySet()) {
      deliver(one.getKey(), one.getValue());
    }
  }

  private void deliver(TenantId tenant, LogBatch batch) throws InterruptedException {
    long restMs = FIRST_REST_MS;
    int rows = batch.rows();
    long bytes = rows == 0 ? 0 : batch.lineFrom(rows - 1) + batch.lineLength(rows - 1);
    while (true) {
      try {
        intake.append(tenant, batch).get();
        stored(rows, bytes);
        return;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof WriteRefused refused) {
          if (refused.isAccepted()) {
            stored(rows, bytes);
            return;
          }
          if (refused.httpStatus() == TOO_LARGE && rows > 1 && refused.keptRows() == 0) {
            halves(tenant, batch);
            return;
          }
          boolean later = refused.httpStatus() == TOO_MANY || refused.httpStatus() >= 500;
          if (!later || refused.refusedRows() > 0) {
            refused(tenant, refused, rows, bytes);
            return;
          }
          restMs = Math.max(restMs, Math.min(LONGEST_REST_MS, refused.retryAfter().toMillis()));
        }
        rest(cause, restMs);
        restMs = Math.min(LONGEST_REST_MS, restMs * 2);
      }
    }
  }

  private void stored(long rows, long bytes) {
    metrics.entries.labelValues(kind.key()).inc(rows);
    metrics.bytes.labelValues(kind.key()).inc(bytes);
    if (!problem.isEmpty()) {
      problem = "";
      log.info("the store takes entries of {} again", kind.key());
    }
  }

  private void refused(TenantId tenant, WriteRefused why, int rows, long bytes) {
    long refused = why.refusedRows() > 0 ? why.refusedRows() : rows - why.keptRows();
    metrics.refused.labelValues(kind.key()).inc(refused);
    stored(rows - refused, rows == 0 ? 0 : bytes * (rows - refused) / rows);
    String message = why == null ? "unknown" : String.valueOf(why.getMessage());
    if (!message.equals(refusal)) {
      refusal = message;
      log.warn("the store refused {} entries of {}: {}", refused, tenant, message);
    }
  }

  private void rest(@Nullable Throwable why, long restMs) throws InterruptedException {
    String message = why == null ? "unknown" : String.valueOf(why.getMessage());
    metrics.retries.labelValues(kind.key()).inc();
    if (problem.isEmpty()) {
      boolean expected = why instanceof WriteRefused || why instanceof WriteUnavailable;
      log.warn(
          "the store cannot take entries of {} now, they wait: {}",
          kind.key(),
          message,
          expected ? null : why);
    }
    problem = message.isEmpty() ? "unknown" : message;
    metrics.waiting.labelValues(kind.key()).inc();
    try {
      TimeUnit.MILLISECONDS.sleep(restMs);
    } finally {
      metrics.waiting.labelValues(kind.key()).dec();
    }
  }

  private void halves(TenantId tenant, LogBatch batch) throws InterruptedException {
    int middle = batch.rows() / 2;
    deliver(tenant, part(batch, 0, middle));
    deliver(tenant, part(batch, middle, batch.rows()));
  }

  private static LogBatch part(LogBatch batch, int from, int to) {
    LogBatch part = new LogBatch();
    for (int row = from; row < to; row++) {
      part.entry(
          part.stream(batch.streamLabels(batch.streamOf(row))),
          batch.timeNs(row),
          batch.lineBytes(),
          batch.lineFrom(row),
          batch.lineLength(row));
      part.metadata(batch.metadata(row));
    }
    return part;
  }

  /** Why entries wait now; empty when they do not. */
  public String problem() {
    return problem;
  }

  /** Why entries were refused last; empty when none were. */
  public String refusal() {
    return refusal;
  }
}
