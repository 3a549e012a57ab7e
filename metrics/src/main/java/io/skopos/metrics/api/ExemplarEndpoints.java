// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.api.queries.QueriedMetrics;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.store.SampleSource.SeriesExemplars;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code /api/v1/query_exemplars}: the exemplars of all series that a query selects. */
final class ExemplarEndpoints {

  private final SampleSource source;
  private final QueryRunner runner;
  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);

  ExemplarEndpoints(SampleSource source, QueryRunner runner) {
    this.source = source;
    this.runner = runner;
  }

  void register(Routes.Family family) {
    family.getOrPost("/api/v1/query_exemplars", this::exemplars);
  }

  private Response exemplars(Request request) {
    Parameters parameters = request.parameters();
    long from = QueryParameters.time(parameters, "start", -QueryParameters.MAX_TIME_MS);
    long to = QueryParameters.time(parameters, "end", QueryParameters.MAX_TIME_MS);
    if (to < from) {
      throw HttpError.badData("end timestamp must not be before start timestamp");
    }
    int limit = QueryParameters.limit(parameters);
    String query = parameters.getOrEmpty("query");
    List<SeriesExemplars> found =
        runner.run(
            request,
            new QueryDescription("exemplars", query, from, to, 0),
            asked -> {
              Expr parsed = parser.parse(query);
              asked.names(QueriedMetrics.of(parsed));
              List<List<Matcher>> selectors = new ArrayList<>();
              parsed.forEach(expr -> {
                if (expr instanceof VectorSelector selector) {
                  selectors.add(selector.matchers());
                }
              });
              // None would mean all series.
              return selectors.isEmpty()
                  ? List.of()
                  : source.exemplars(
                      request.tenant(), selectors, new TimeRange(from, to), limit, asked.budget());
            });
    return Answer.of(json -> write(json, found));
  }

  private static void write(JsonText json, List<SeriesExemplars> found) throws IOException {
    json.raw('[');
    boolean first = true;
    for (SeriesExemplars series : found) {
      json.raw(first ? "{\"seriesLabels\":" : ",{\"seriesLabels\":").labels(series.labels());
      json.raw(",\"exemplars\":[");
      boolean firstExemplar = true;
      for (Exemplar exemplar : series.exemplars()) {
        json.raw(firstExemplar ? "{\"labels\":" : ",{\"labels\":").labels(exemplar.labels());
        json.raw(",\"value\":").value(exemplar.value());
        json.raw(",\"timestamp\":").seconds(exemplar.timeMs()).raw('}');
        firstExemplar = false;
      }
      json.raw("]}");
      first = false;
    }
    json.raw(']');
  }
}
