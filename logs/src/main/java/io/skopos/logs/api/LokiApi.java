// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.LogsByTenant;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.LogSource;
import io.skopos.model.TenantId;
import io.skopos.serving.query.QueryCapacity;
import io.skopos.serving.query.QueryLimits;
import io.skopos.serving.query.QueryLimitsByTenant;
import io.skopos.serving.query.QueryRunner;
import io.skopos.storage.Intake;
import io.skopos.web.ErrorShape;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;

/**
 * Loki's HTTP interface for questions over one store, for all tenants. Made once, {@link #register
 * registered} before the web server starts. Thread-safe.
 */
public final class LokiApi {

  private final QueryRunner runner;
  private final LogsByTenant configs;
  private final QueryEndpoints queries;
  private final LabelEndpoints labels;
  private final VolumeEndpoints volumes;
  private final FieldEndpoints fields;
  private final PatternEndpoint patterns;
  private final TailEndpoint tail;
  private final Tails tails = new Tails();
  private final StatusEndpoints status;
  private final DeleteEndpoints deletions;

  /**
   * @param common what queries of tenants without limits of their own may cost
   * @param waiting makes threads that wait, for those who tail
   */
  public LokiApi(
      LogSource source,
      LogqlEngine engine,
      Intake intake,
      LogsByTenant configs,
      QueryCapacity capacity,
      QueryLimits common,
      ThreadFactory waiting,
      InstantSource clock,
      PrometheusRegistry registry) {
    runner =
        new QueryRunner(
            "logs", capacity, common, new LokiQueryErrors(), (_, _) -> {}, clock, registry);
    this.configs = configs;
    limitsOf(_ -> common);
    queries = new QueryEndpoints(engine, runner, configs, clock);
    labels = new LabelEndpoints(source, runner, clock);
    volumes = new VolumeEndpoints(source, runner, clock);
    fields = new FieldEndpoints(engine, runner, clock);
    patterns = new PatternEndpoint(source, runner, clock);
    tail = new TailEndpoint(engine, runner, configs, tails, waiting, clock);
    status = new StatusEndpoints(configs);
    deletions = new DeleteEndpoints(intake, clock);
  }

  /** From now on tenants' queries have these limits. */
  public void limitsOf(QueryLimitsByTenant limits) {
    runner.limitsOf(
        tenant -> limits.of(tenant).withMaxReadBytes(configs.of(tenant).maxQueryBytes().bytes()));
  }

  /** To be told of each write of entries when it is durable, before its batch is given back. */
  public void appended(TenantId tenant, LogBatch batch) {
    tails.appended(tenant, batch);
  }

  public void register(Routes routes) {
    Routes.Family family = routes.family(ErrorShape.PLAIN_TEXT, Right.READ);
    Routes.Family computing = family.computingOn(runner.workers());
    queries.register(computing);
    labels.register(computing);
    volumes.register(computing);
    fields.register(computing);
    patterns.register(computing);
    tail.register(family);
    status.register(family);
    deletions.register(family.needing(Right.ADMIN));
  }
}
