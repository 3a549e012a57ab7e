// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.api.queries.QueriedMetrics;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code series}, {@code labels}, {@code label/<name>/values} and {@code metadata}. */
final class SeriesEndpoints {

  private final SampleSource source;
  private final QueryRunner runner;
  private final Selectors selectors = new Selectors();

  SeriesEndpoints(SampleSource source, QueryRunner runner) {
    this.source = source;
    this.runner = runner;
  }

  void register(Routes.Family family) {
    family.getOrPost("/api/v1/series", this::series);
    family.getOrPost("/api/v1/labels", this::labels);
    family.getOrPost("/api/v1/label/{name}/values", this::labelValues);
    family.get("/api/v1/metadata", this::metadata);
  }

  /**
   * @param lacks what could not be read and why
   */
  private record Found<T>(List<T> all, List<String> lacks) {}

  private Response series(Request request) {
    Parameters parameters = request.parameters();
    List<List<Matcher>> wanted = selectors.required(parameters);
    int limit = QueryParameters.limit(parameters);
    TimeRange range = Selectors.range(parameters);
    if (range == null) {
      return Answer.ofStrings(List.of(), 0);
    }
    Found<Labels> answer =
        runner.run(
            request,
            Selectors.description("series", parameters, range),
            asked -> {
              asked.names(QueriedMetrics.of(wanted));
              return new Found<>(
                  source.series(request.tenant(), wanted, range, oneMore(limit), asked.budget()),
                  asked.budget().warnings());
            });
    List<Labels> found = answer.all;
    boolean truncated = limit > 0 && found.size() > limit;
    List<Labels> shown = truncated ? found.subList(0, limit) : found;
    long mostBytes = JsonText.FRAME_BYTES;
    for (Labels labels : shown) {
      mostBytes += JsonText.mostBytes(labels);
    }
    return Answer.of(
            json -> {
              json.raw('[');
              for (int i = 0; i < shown.size(); i++) {
                if (i > 0) {
                  json.raw(',');
                }
                json.labels(shown.get(i));
              }
              json.raw(']');
            },
            Answer.warnings(truncated, answer.lacks),
            List.of())
        .ofAtMost(mostBytes);
  }

  private Response labels(Request request) {
    Parameters parameters = request.parameters();
    int limit = QueryParameters.limit(parameters);
    TimeRange range = Selectors.range(parameters);
    List<List<Matcher>> wanted = selectors.optional(parameters);
    if (range == null) {
      return Answer.ofStrings(List.of(), 0);
    }
    Found<String> names =
        runner.run(
            request,
            Selectors.description("labels", parameters, range),
            asked ->
                new Found<>(
                    source.labelNames(
                        request.tenant(), wanted, range, oneMore(limit), asked.budget()),
                    asked.budget().warnings()));
    return Answer.ofStrings(names.all, limit, names.lacks);
  }

  private Response labelValues(Request request) {
    String name = EscapedName.decode(request.pathParameter("name"));
    if (name.isEmpty()) {
      throw HttpError.badData("invalid label name: \"\"");
    }
    Parameters parameters = request.parameters();
    int limit = QueryParameters.limit(parameters);
    TimeRange range = Selectors.range(parameters);
    List<List<Matcher>> wanted = selectors.optional(parameters);
    if (range == null) {
      return Answer.ofStrings(List.of(), 0);
    }
    Found<String> values =
        runner.run(
            request,
            Selectors.description("label values of " + name, parameters, range),
            asked ->
                new Found<>(
                    source.labelValues(
                        request.tenant(), name, wanted, range, oneMore(limit), asked.budget()),
                    asked.budget().warnings()));
    return Answer.ofStrings(values.all, limit, values.lacks);
  }

  /** Asking for one more tells whether there are more. */
  private static int oneMore(int limit) {
    return limit == 0 || limit == Integer.MAX_VALUE ? 0 : limit + 1;
  }

  private Response metadata(Request request) {
    Parameters parameters = request.parameters();
    int limit = number(parameters, "limit");
    int limitPerMetric = number(parameters, "limit_per_metric");
    Map<String, List<MetricMetadata>> found =
        limit == 0
            ? Map.of()
            : new TreeMap<>(
                source.metadata(
                    request.tenant(),
                    parameters.getOrEmpty("metric"),
                    Math.max(0, limit),
                    Math.max(0, limitPerMetric)));
    return Answer.of(json -> {
      boolean first = true;
      for (Map.Entry<String, List<MetricMetadata>> metric : found.entrySet()) {
        json.raw(first ? '{' : ',').string(metric.getKey()).raw(":[");
        boolean firstEntry = true;
        for (MetricMetadata entry : metric.getValue()) {
          json.raw(firstEntry ? "{\"type\":" : ",{\"type\":").string(entry.type());
          json.raw(",\"unit\":").string(entry.unit());
          json.raw(",\"help\":").string(entry.help()).raw('}');
          firstEntry = false;
        }
        json.raw(']');
        first = false;
      }
      json.raw(first ? "{}" : "}");
    });
  }

  /** -1 when missing, which means all. */
  private static int number(Parameters parameters, String name) {
    String text = parameters.getOrEmpty(name);
    if (text.isEmpty()) {
      return -1;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw HttpError.badData(name + " must be a number");
    }
  }
}
