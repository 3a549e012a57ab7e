// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.store.LogSource;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much there is, without reading entries: {@code index/stats}, {@code index/volume} and {@code
 * index/volume_range}.
 */
final class VolumeEndpoints {

  private static final long MILLI = 1_000_000;

  private final LogSource source;
  private final QueryRunner runner;
  private final InstantSource clock;

  VolumeEndpoints(LogSource source, QueryRunner runner, InstantSource clock) {
    this.source = source;
    this.runner = runner;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.getOrPost("/loki/api/v1/index/stats", this::statistics);
    family.getOrPost("/loki/api/v1/index/volume", request -> volume(request, false));
    family.getOrPost("/loki/api/v1/index/volume_range", request -> volume(request, true));
  }

  private static final class Total {
    final Set<Labels> streams = new HashSet<>();
    long chunks;
    long entries;
    long bytes;
  }

  private Response statistics(Request request) {
    Parameters parameters = request.parameters();
    String text = parameters.getOrEmpty("query");
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    List<Matcher> matchers = Selectors.firstSelector(text);
    Total total =
        runner.run(
            request,
            bounds.description("statistics", text, 0),
            asked -> {
              Total sum = new Total();
              List<String> unused =
                  source.volumes(
                      request.tenant(),
                      matchers,
                      bounds.startNs(),
                      bounds.endNs(),
                      asked.budget(),
                      (stream, _, _, entries, bytes, chunks) -> {
                        sum.streams.add(stream);
                        sum.entries += entries;
                        sum.bytes += bytes;
                        sum.chunks += chunks;
                      });
              return sum;
            });
    return QueryEndpoints.stream(json -> {
      json.raw("{\"streams\":").integer(total.streams.size());
      json.raw(",\"chunks\":").integer(total.chunks);
      json.raw(",\"bytes\":").integer(total.bytes);
      json.raw(",\"entries\":").integer(total.entries).raw('}');
    });
  }

  /** By which labels bytes are added up. */
  private record Grouping(boolean byLabelName, Set<String> names) {

    static Grouping of(Parameters parameters, List<Matcher> matchers) {
      String by = parameters.getOrEmpty("aggregateBy");
      if (!by.isEmpty() && !by.equals("series") && !by.equals("labels")) {
        throw HttpError.badData("aggregateBy must be series or labels, not '" + by + "'");
      }
      Set<String> names = new LinkedHashSet<>();
      for (String name : parameters.getOrEmpty("targetLabels").split(",", -1)) {
        if (!name.isBlank()) {
          names.add(name.strip());
        }
      }
      if (names.isEmpty()) {
        matchers.forEach(matcher -> names.add(matcher.name()));
      }
      return new Grouping(by.equals("labels"), names);
    }

    /** The groups that a stream counts to. */
    List<Labels> of(Labels stream) {
      if (!byLabelName) {
        Labels kept = names.isEmpty() ? stream : stream.keep(names);
        return kept.isEmpty() ? List.of() : List.of(kept);
      }
      List<Labels> groups = new ArrayList<>();
      for (Label label : stream) {
        if (names.isEmpty() || names.contains(label.name())) {
          groups.add(Labels.of("\u0000", label.name()));
        }
      }
      return groups;
    }
  }

  private Response volume(Request request, boolean range) {
    Parameters parameters = request.parameters();
    String text = parameters.getOrEmpty("query");
    LokiParameters.Bounds bounds = LokiParameters.bounds(parameters, clock);
    List<Matcher> matchers = Selectors.firstSelector(text);
    Grouping grouping = Grouping.of(parameters, matchers);
    int limit = LokiParameters.limit(parameters);
    long step =
        range
            ? LokiParameters.step(parameters, bounds)
            : Math.max(1, bounds.endNs() - bounds.startNs());
    int steps = (int) Math.max(1, -Math.floorDiv(bounds.startNs() - bounds.endNs(), step));
    Map<Labels, double[]> volumes =
        runner.run(
            request,
            bounds.description("volume", text, 0),
            asked -> {
              Map<Labels, double[]> found = new HashMap<>();
              List<String> unused =
                  source.volumes(
                      request.tenant(),
                      matchers,
                      bounds.startNs(),
                      bounds.endNs(),
                      asked.budget(),
                      (stream, fromNs, toNs, _, bytes, _) -> {
                        for (Labels group : grouping.of(stream)) {
                          double[] sums =
                              found.computeIfAbsent(
                                  group,
                                  _ -> {
                                    asked.budget().holdSamples(steps);
                                    return new double[steps];
                                  });
                          spread(sums, bounds.startNs(), step, fromNs, toNs, bytes);
                        }
                      });
              return found;
            });
    return respond(volumes, bounds, step, range, limit);
  }

  /**
   * Adds bytes of a piece of a stream to the steps it lies in, by the share of its time in each.
   */
  private static void spread(
      double[] sums, long startNs, long step, long fromNs, long toNs, long bytes) {
    int last = sums.length - 1;
    int from = (int) Math.clamp(Math.floorDiv(fromNs - startNs, step), 0, last);
    int to = (int) Math.clamp(Math.floorDiv(toNs - startNs, step), 0, last);
    if (from == to) {
      sums[from] += bytes;
      return;
    }
    double length = (double) (toNs - fromNs);
    double left = bytes;
    for (int i = from; i < to; i++) {
      double end = (double) startNs + (double) step * (i + 1);
      double begin = Math.max(fromNs, (double) startNs + (double) step * i);
      double share = Math.min(left, bytes * Math.max(0, end - begin) / length);
      sums[i] += share;
      left -= share;
    }
    sums[to] += left;
  }

  private static double sum(double[] sums) {
    double total = 0;
    for (double each : sums) {
      total += each;
    }
    return total;
  }

  private static Response respond(
      Map<Labels, double[]> volumes,
      LokiParameters.Bounds bounds,
      long step,
      boolean range,
      int limit) {
    List<Map.Entry<Labels, double[]>> largest =
        volumes.entrySet().stream()
            .sorted(
                Comparator.comparingDouble(
                        (Map.Entry<Labels, double[]> volume) -> -sum(volume.getValue()))
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(limit)
            .toList();
    return QueryEndpoints.stream(json -> {
      json.raw("{\"status\":\"success\",\"data\":{\"resultType\":\"");
      json.raw(range ? "matrix" : "vector").raw("\",\"result\":[");
      boolean first = true;
      for (Map.Entry<Labels, double[]> volume : largest) {
        json.raw(first ? "{\"metric\":" : ",{\"metric\":");
        first = false;
        String name = volume.getKey().get("\u0000");
        if (name == null) {
          json.labels(volume.getKey());
        } else {
          json.raw('{').string(name).raw(":\"\"}");
        }
        double[] sums = volume.getValue();
        if (!range) {
          json.raw(",\"value\":");
          json.scalar(Math.floorDiv(bounds.endNs(), MILLI), Math.rint(sums[0])).raw('}');
          continue;
        }
        json.raw(",\"values\":[");
        boolean firstPoint = true;
        for (int i = 0; i < sums.length; i++) {
          if (sums[i] >= 0.5) {
            long end = Math.min(bounds.endNs(), bounds.startNs() + step * (i + 1));
            json.raw(firstPoint ? "" : ",");
            json.scalar(Math.floorDiv(end, MILLI), Math.rint(sums[i]));
            firstPoint = false;
          }
        }
        json.raw("]}");
      }
      json.raw("],\"stats\":{}}}");
    });
  }
}
