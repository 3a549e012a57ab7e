// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.skopos.engine.QueryBudget;
import io.skopos.model.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One query from its arrival to its result. Thread-safe. */
public final class RunningQuery {

  /** Where it is. */
  public enum State {
    WAITING,
    RUNNING,
    CANCELLING
  }

  private final String id;
  private final String signal;
  private final TenantId tenant;
  private final @Nullable String user;
  private final String client;
  private final QueryDescription description;
  private final QueryBudget budget;
  private final Instant arrived;
  private final long arrivedNanos = System.nanoTime();
  private volatile long startedNanos;
  private volatile boolean cancelled;

  RunningQuery(
      String id,
      String signal,
      TenantId tenant,
      @Nullable String user,
      String client,
      QueryDescription description,
      QueryBudget budget,
      Instant arrived) {
    this.id = id;
    this.signal = signal;
    this.tenant = tenant;
    this.user = user;
    this.client = client;
    this.description = description;
    this.budget = budget;
    this.arrived = arrived;
  }

  /** It has got its thread. */
  public void started() {
    startedNanos = System.nanoTime();
  }

  void cancel(String reason) {
    cancelled = true;
    budget.cancel(reason);
  }

  public String id() {
    return id;
  }

  /** Of which it asks, such as {@code metrics}. */
  public String signal() {
    return signal;
  }

  public TenantId tenant() {
    return tenant;
  }

  /** The name of the credentials it came with; null without access control. */
  public @Nullable String user() {
    return user;
  }

  public String client() {
    return client;
  }

  public QueryDescription description() {
    return description;
  }

  public QueryBudget budget() {
    return budget;
  }

  public Instant arrived() {
    return arrived;
  }

  public State state() {
    return cancelled ? State.CANCELLING : startedNanos == 0 ? State.WAITING : State.RUNNING;
  }

  public long elapsedNanos() {
    return System.nanoTime() - arrivedNanos;
  }

  /** How long it waited, or has waited, for its thread. */
  public long waitedNanos() {
    long started = startedNanos;
    return (started == 0 ? System.nanoTime() : started) - arrivedNanos;
  }
}
