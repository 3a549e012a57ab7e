// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.pattern.PatternMiner;
import io.skopos.logs.pattern.Patterns;
import io.skopos.logs.store.LogSource;
import io.skopos.model.Matcher;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** {@code patterns}: what the lines of streams look like, counted by step. */
final class PatternEndpoint {

  private final Patterns patterns;
  private final QueryRunner runner;
  private final InstantSource clock;

  PatternEndpoint(LogSource source, QueryRunner runner, InstantSource clock) {
    this.patterns = new Patterns(source, PatternMiner.Settings.DEFAULT, Patterns.Limits.DEFAULT);
    this.runner = runner;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.getOrPost("/loki/api/v1/patterns", this::patterns);
  }

  private Response patterns(Request request) {
    Parameters parameters = request.parameters();
    String text = LokiParameters.required(parameters, "query");
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    // Ten seconds is how finely Loki counts; more points than a screen has help nobody.
    long least = Math.max(10 * LokiParameters.SECOND, (bounds.endNs() - bounds.startNs()) / 500);
    long step = Math.max(least, LokiParameters.duration(parameters, "step", least));
    List<Matcher> matchers = Selectors.firstSelector(text);
    Patterns.Answer answer =
        runner.run(
            request,
            bounds.description("patterns", text, step),
            asked ->
                patterns.ask(
                    new Patterns.Question(
                        request.tenant(), matchers, bounds.startNs(), bounds.endNs(), step),
                    asked.budget()));
    return QueryEndpoints.stream(json -> {
      json.raw("{\"status\":\"success\",\"data\":[");
      boolean first = true;
      for (Patterns.Pattern pattern : answer.patterns()) {
        json.raw(first ? "{\"pattern\":" : ",{\"pattern\":").string(pattern.text());
        json.raw(",\"level\":").string(pattern.level()).raw(",\"samples\":[");
        first = false;
        boolean firstSample = true;
        for (Map.Entry<Long, Long> sample : pattern.counts().entrySet()) {
          json.raw(firstSample ? "[" : ",[");
          json.integer(Math.floorDiv(sample.getKey(), LokiParameters.SECOND)).raw(',');
          json.integer(sample.getValue()).raw(']');
          firstSample = false;
        }
        json.raw("]}");
      }
      json.raw(']');
      if (!answer.warnings().isEmpty()) {
        json.raw(",\"warnings\":").strings(answer.warnings());
      }
      json.raw('}');
    });
  }
}
