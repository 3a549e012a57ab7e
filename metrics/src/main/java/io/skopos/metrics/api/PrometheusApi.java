// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.api.queries.MetricUsage;
import io.skopos.metrics.language.PromqlEngine;
import io.skopos.metrics.store.SampleSource;
import io.skopos.serving.query.QueryCapacity;
import io.skopos.serving.query.QueryLimitsByTenant;
import io.skopos.serving.query.QueryRunner;
import io.skopos.storage.Intake;
import io.skopos.web.ErrorShape;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import java.time.InstantSource;

/**
 * Prometheus' HTTP interface over one store, for all tenants. Made once, {@link #register
 * registered} before the web server starts. Thread-safe.
 */
public final class PrometheusApi {

  private final QueryRunner runner;
  private final QueryEndpoints queries;
  private final ExpressionEndpoints expressions;
  private final MetricUsageEndpoint metricUsage;
  private final SeriesEndpoints series;
  private final ExemplarEndpoints exemplars;
  private final RemoteReadEndpoint remoteRead;
  private final FederateEndpoint federation;
  private final CardinalityEndpoints cardinality;
  private final ChunkExportEndpoint chunkExport;
  private final StatusEndpoints status;
  private final TargetsEndpoints targets;
  private final TargetDetailEndpoints targetDetails;
  private final AdminEndpoints admin;
  private final RemoteWriteEndpoint remoteWrite;
  private final ImportEndpoint textImport;
  private final ExportEndpoint export;

  public PrometheusApi(
      QueryConfig config,
      SampleSource source,
      PromqlEngine engine,
      Intake intake,
      TargetsView targets,
      ServerView server,
      InstantSource clock,
      Receipts receipts,
      QueryCapacity capacity,
      PrometheusRegistry registry) {
    MetricUsage usage = new MetricUsage(clock);
    this.runner =
        new QueryRunner(
            "metrics",
            capacity,
            config.limits(),
            new PrometheusQueryErrors(),
            usage::asked,
            clock,
            registry);
    this.queries = new QueryEndpoints(engine, runner, config, clock);
    this.expressions = new ExpressionEndpoints(config.language());
    this.metricUsage = new MetricUsageEndpoint(runner, usage, source, clock);
    this.series = new SeriesEndpoints(source, runner);
    this.exemplars = new ExemplarEndpoints(source, runner);
    this.remoteRead = new RemoteReadEndpoint(source, runner, config);
    this.federation = new FederateEndpoint(source, runner, server, config, clock);
    this.cardinality = new CardinalityEndpoints(source, runner, clock);
    this.chunkExport = new ChunkExportEndpoint(source, runner, config, registry);
    this.status = new StatusEndpoints(source, server, clock);
    this.targets = new TargetsEndpoints(targets);
    this.targetDetails = new TargetDetailEndpoints(targets);
    this.admin = new AdminEndpoints(intake, config.adminApi(), server);
    this.remoteWrite = new RemoteWriteEndpoint(intake, clock, receipts, registry);
    this.textImport = new ImportEndpoint(intake, clock, receipts, registry);
    this.export = new ExportEndpoint(source, runner, config);
  }

  /** From now on tenants' queries have these limits. */
  public void limitsOf(QueryLimitsByTenant limits) {
    runner.limitsOf(limits);
  }

  public void register(Routes routes) {
    Routes.Family json = routes.family(new PrometheusErrors(), Right.READ);
    Routes.Family computing = json.computingOn(runner.workers());
    queries.register(computing);
    expressions.register(json);
    metricUsage.register(json);
    series.register(computing);
    exemplars.register(computing);
    cardinality.register(computing);
    chunkExport.register(json);
    status.register(json);
    status.registerBeforeReady(routes.familyBeforeReady(new PrometheusErrors(), Right.READ));
    targets.register(json);
    targetDetails.register(json);
    export.register(json);
    new RulesEndpoints().register(json);
    admin.register(json.needing(Right.ADMIN));
    Routes.Family text = routes.family(ErrorShape.PLAIN_TEXT, Right.WRITE);
    remoteRead.register(text.needing(Right.READ));
    federation.register(text.needing(Right.READ));
    remoteWrite.register(text);
    textImport.register(text);
  }
}
