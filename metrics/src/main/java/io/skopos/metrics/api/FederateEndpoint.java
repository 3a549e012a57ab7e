// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.api.queries.QueriedMetrics;
import io.skopos.metrics.exposition.AcceptedFormat;
import io.skopos.metrics.exposition.ExpositionWriter;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.wire.ProtobufWriter;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryRunner;
import io.skopos.serving.query.QueryRunner.Asked;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /federate}: the latest sample of each series that some {@code match[]} selects, for
 * another Prometheus to scrape. What is stale or older than the look-back is left out.
 */
final class FederateEndpoint {

  private static final String INSTANCE = "instance";

  private final SampleSource source;
  private final QueryRunner runner;
  private final ServerView server;
  private final QueryConfig config;
  private final InstantSource clock;
  private final Selectors selectors = new Selectors();

  FederateEndpoint(
      SampleSource source,
      QueryRunner runner,
      ServerView server,
      QueryConfig config,
      InstantSource clock) {
    this.source = source;
    this.runner = runner;
    this.server = server;
    this.config = config;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.get("/federate", this::federate);
  }

  private record Latest(double value, @Nullable NativeHistogram histogram, long timeMs) {}

  private Response federate(Request request) {
    Parameters parameters = request.parameters();
    List<List<Matcher>> wanted = selectors.optional(parameters);
    AcceptedFormat accepted = AcceptedFormat.ofAccept(request.header("Accept"));
    long now = clock.millis();
    // Open at its beginning, as in PromQL.
    TimeRange range = new TimeRange(now - config.lookback().toMillis() + 1, now);
    byte[] body =
        runner.run(
            request,
            new QueryDescription(
                "federate", String.join(" or ", parameters.all("match[]")), now, now, 0),
            asked -> {
              asked.names(QueriedMetrics.of(wanted));
              return write(request.tenant(), wanted, range, accepted, asked);
            });
    return Response.bytes(200, accepted.contentType(), body);
  }

  private byte[] write(
      TenantId tenant,
      List<List<Matcher>> wanted,
      TimeRange range,
      AcceptedFormat accepted,
      Asked asked) {
    // Of one name together, whatever other labels sort before the name.
    Map<Labels, Latest> found =
        new TreeMap<>(
            Comparator.<Labels, String>comparing(labels -> labels.getOrEmpty(Label.METRIC_NAME))
                .thenComparing(Comparator.naturalOrder()));
    for (List<Matcher> matchers : wanted) {
      read(tenant, matchers, range, asked, found);
    }
    Map<String, List<MetricMetadata>> metadata = source.metadata(tenant, "", 0, 1);
    Labels external = server.externalLabels();
    ProtobufWriter out = new ProtobufWriter();
    ExpositionWriter exposition = ExpositionWriter.of(accepted, INSTANCE, out);
    String current = "";
    for (Map.Entry<Labels, Latest> series : found.entrySet()) {
      String name = series.getKey().getOrEmpty(Label.METRIC_NAME);
      if (!name.equals(current)) {
        exposition.metric(name, type(metadata.get(name)));
        current = name;
      }
      Latest latest = series.getValue();
      Labels labels = labelled(series.getKey(), external);
      NativeHistogram histogram = latest.histogram();
      if (histogram == null) {
        exposition.sample(labels, latest.value(), latest.timeMs());
      } else {
        exposition.histogram(labels, histogram, latest.timeMs());
      }
    }
    exposition.end();
    return out.copy();
  }

  private void read(
      TenantId tenant,
      List<Matcher> matchers,
      TimeRange range,
      Asked asked,
      Map<Labels, Latest> found) {
    SampleBuffer samples = new SampleBuffer();
    try (SampleSource.Selection selection =
        source.select(tenant, matchers, range, asked.budget())) {
      for (int i = 0; i < selection.size(); i++) {
        asked.budget().checkRunning();
        samples.clear();
        selection.read(i, range.fromMs(), range.toMs(), samples);
        int last = samples.size - 1;
        if (last >= 0 && !StaleMarker.is(samples.values[last])) {
          @Nullable NativeHistogram @Nullable [] histograms = samples.histograms;
          found.put(
              selection.labels(i),
              new Latest(
                  samples.values[last],
                  histograms == null ? null : histograms[last],
                  samples.timesMs[last]));
        }
      }
    }
  }

  /** Only types of a single series are told: what a classic histogram is made of stands alone. */
  private static String type(@Nullable List<MetricMetadata> metadata) {
    String type = metadata == null || metadata.isEmpty() ? "" : metadata.getFirst().type();
    return type.equals("counter") || type.equals("gauge") ? type : "unknown";
  }

  /** With the external labels that it has not. */
  private static Labels labelled(Labels labels, Labels external) {
    LabelsBuilder builder = new LabelsBuilder(labels);
    for (Label label : external) {
      if (!labels.has(label.name())) {
        builder.set(label.name(), label.value());
      }
    }
    return builder.build();
  }
}
