// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogSource;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which streams there are: {@code labels}, their values, {@code series}, {@code detected_labels}.
 */
final class LabelEndpoints {

  /** Labels with more values tell streams apart rather than group them. */
  private static final int MAX_DETECTED_VALUES = 50;

  /** Shown however many values they have. */
  private static final Set<String> ALWAYS = Set.of("cluster", "namespace", "instance", "pod");

  private static final Pattern ID =
      Pattern.compile(
          "[0-9]+(\\.[0-9]+)?|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-"
              + "[0-9a-fA-F]{12}");

  private final LogSource source;
  private final QueryRunner runner;
  private final InstantSource clock;

  LabelEndpoints(LogSource source, QueryRunner runner, InstantSource clock) {
    this.source = source;
    this.runner = runner;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    for (String path : List.of("/loki/api/v1/labels", "/loki/api/v1/label", "/api/prom/label")) {
      family.getOrPost(path, this::labels);
    }
    family.getOrPost("/loki/api/v1/label/{name}/values", this::values);
    family.getOrPost("/api/prom/label/{name}/values", this::values);
    family.getOrPost("/loki/api/v1/series", this::series);
    family.getOrPost("/api/prom/series", this::series);
    family.getOrPost("/loki/api/v1/detected_labels", this::detected);
  }

  private Collection<Labels> streams(
      Request request, List<Matcher> matchers, LokiParameters.Bounds bounds, QueryBudget budget) {
    return source.streams(request.tenant(), matchers, bounds.startNs(), bounds.endNs(), budget);
  }

  private Response labels(Request request) {
    Parameters parameters = request.parameters();
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    String text = parameters.getOrEmpty("query");
    List<Matcher> matchers = Selectors.matchers(text);
    Set<String> names =
        runner.run(
            request,
            bounds.description("labels", text, 0),
            asked -> {
              Set<String> found = new TreeSet<>();
              for (Labels stream : streams(request, matchers, bounds, asked.budget())) {
                for (Label label : stream) {
                  found.add(label.name());
                }
              }
              return found;
            });
    return strings(names);
  }

  private Response values(Request request) {
    Parameters parameters = request.parameters();
    String name = request.pathParameter("name");
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    String text = parameters.getOrEmpty("query");
    List<Matcher> matchers = new ArrayList<>(Selectors.matchers(text));
    matchers.add(new Matcher(Matcher.Type.NOT_EQUAL, name, ""));
    Set<String> values =
        runner.run(
            request,
            bounds.description("label values", name + " " + text, 0),
            asked -> {
              Set<String> found = new TreeSet<>();
              for (Labels stream : streams(request, matchers, bounds, asked.budget())) {
                String value = stream.get(name);
                if (value != null) {
                  found.add(value);
                }
              }
              return found;
            });
    return strings(values);
  }

  private static Response strings(Collection<String> texts) {
    return QueryEndpoints.stream(json ->
        json.raw("{\"status\":\"success\",\"data\":").strings(new ArrayList<>(texts)).raw('}'));
  }

  private Response series(Request request) {
    Parameters parameters = request.parameters();
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    List<String> texts = new ArrayList<>(parameters.all("match[]"));
    texts.addAll(parameters.all("match"));
    if (texts.isEmpty()) {
      texts.add("");
    }
    List<List<Matcher>> selectors = texts.stream().map(Selectors::matchers).toList();
    Set<Labels> streams =
        runner.run(
            request,
            bounds.description("series", String.join(", ", texts), 0),
            asked -> {
              Set<Labels> found = new TreeSet<>();
              for (List<Matcher> matchers : selectors) {
                found.addAll(streams(request, matchers, bounds, asked.budget()));
              }
              return found;
            });
    return QueryEndpoints.stream(json -> {
      json.raw("{\"status\":\"success\",\"data\":[");
      boolean first = true;
      for (Labels stream : streams) {
        json.raw(first ? "" : ",").labels(stream);
        first = false;
      }
      json.raw("]}");
    });
  }

  private Response detected(Request request) {
    Parameters parameters = request.parameters();
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    String text = parameters.getOrEmpty("query");
    List<Matcher> matchers = Selectors.firstSelector(text);
    Map<String, Set<String>> labels =
        runner.run(
            request,
            bounds.description("detected labels", text, 0),
            asked -> {
              Map<String, Set<String>> found = new TreeMap<>();
              for (Labels stream : streams(request, matchers, bounds, asked.budget())) {
                for (Label label : stream) {
                  found.computeIfAbsent(label.name(), _ -> new TreeSet<>()).add(label.value());
                }
              }
              return found;
            });
    return QueryEndpoints.stream(json -> {
      json.raw("{\"detectedLabels\":[");
      boolean first = true;
      for (Map.Entry<String, Set<String>> label : labels.entrySet()) {
        if (!groups(label.getKey(), label.getValue())) {
          continue;
        }
        json.raw(first ? "{\"label\":" : ",{\"label\":").string(label.getKey());
        json.raw(",\"cardinality\":").integer(label.getValue().size()).raw('}');
        first = false;
      }
      json.raw("]}");
    });
  }

  private static boolean groups(String name, Set<String> values) {
    return ALWAYS.contains(name)
        || values.size() <= MAX_DETECTED_VALUES
            && !values.stream().allMatch(value -> ID.matcher(value).matches());
  }
}
