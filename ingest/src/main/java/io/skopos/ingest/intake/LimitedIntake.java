// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.intake.ha.Deduplication;
import io.skopos.logs.LogsByTenant;
import io.skopos.logs.LogsConfig;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Frame;
import io.skopos.storage.Ground;
import io.skopos.storage.Intake;
import io.skopos.storage.Positions;
import io.skopos.storage.WriteRefused;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deduplication of replicas, limits, then the ground. Thread-safe. */
public final class LimitedIntake implements Intake {

  private static final Logger LOG = LoggerFactory.getLogger(LimitedIntake.class);

  private final Ground ground;
  private final Deduplication deduplication;
  private final TenantLimits limits;
  private final IntakeMetrics metrics;
  private volatile BiConsumer<TenantId, Batch> appended = (_, _) -> {};

  /** With the same limits for all tenants. */
  public LimitedIntake(
      Ground ground,
      IntakeLimits limits,
      Deduplication deduplication,
      InstantSource clock,
      PrometheusRegistry registry) {
    this(
        ground,
        _ -> limits,
        _ -> LogsConfig.DEFAULT,
        limits.tenants(),
        deduplication,
        clock,
        registry);
  }

  /**
   * @param maxTenants that may write within an hour
   */
  public LimitedIntake(
      Ground ground,
      LimitsByTenant limits,
      LogsByTenant logs,
      int maxTenants,
      Deduplication deduplication,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.ground = ground;
    this.deduplication = deduplication;
    this.metrics = new IntakeMetrics(registry);
    this.limits = new TenantLimits(limits, logs, maxTenants, clock, ground::oldestKeptMs, metrics);
    metrics.showUsage(registry, this.limits::reportUsage);
  }

  /**
   * Tells of each batch when it is durable, before it is given back; on a thread of the ground,
   * which must not be held up.
   */
  public void onAppended(BiConsumer<TenantId, Batch> listener) {
    appended = listener;
  }

  /** Encodes on the caller's thread and may wait there for room in the log's queue. */
  @Override
  public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
    try {
      return write(tenant, deduplication.apply(tenant, batch));
    } catch (WriteRefused e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * The way in for what this server collects itself: nobody sends it a second time, so it is not
   * deduplicated, whatever labels targets have.
   */
  public Intake ofOwnSources() {
    return new Intake() {
      @Override
      public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
        return write(tenant, batch);
      }

      @Override
      public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
        return LimitedIntake.this.delete(tenant, signal, deletion);
      }
    };
  }

  private CompletableFuture<Void> write(TenantId tenant, Batch batch) {
    if (batch.rows() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    List<Frame> frames;
    Refusals refusals;
    try {
      refusals = limits.check(tenant, batch);
      if (refusals != null && batch.rows() == 0) {
        return CompletableFuture.failedFuture(refusals.refused(0));
      }
      frames = batch.toFrames(tenant, ground.sharding());
    } catch (WriteRefused e) {
      return CompletableFuture.failedFuture(e);
    }
    Signal signal = batch.signal();
    int rows = batch.rows();
    // A future of its own, so that its failure is the ground's, not wrapped in another.
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletableFuture<Positions> _ =
        ground
            .write(frames)
            .whenComplete((positions, failure) -> {
              if (failure == null) {
                metrics.written(tenant, signal, rows);
                tell(tenant, batch);
                if (refusals == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(refusals.refused(rows));
                }
              } else {
                metrics.unavailable(signal);
                done.completeExceptionally(
                    failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure);
              }
            });
    return done;
  }

  /** Whoever listens cannot fail a write that is durable. */
  private void tell(TenantId tenant, Batch batch) {
    try {
      appended.accept(tenant, batch);
    } catch (RuntimeException e) {
      LOG.error("What was written could not be told", e);
    }
  }

  /** How much of its limits a tenant uses, from 0 to 1, by limit; only of limits it has. */
  public Map<String, Double> used(TenantId tenant) {
    Map<String, Double> used = new TreeMap<>();
    limits.reportUsage(tenant, (_, limit, ratio) -> used.put(limit, ratio));
    return used;
  }

  @Override
  public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
    return ground.delete(tenant, signal, deletion);
  }
}
