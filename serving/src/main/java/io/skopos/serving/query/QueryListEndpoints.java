// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.skopos.engine.QueryBudget;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.serving.answer.JsonText;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/queries}: which queries of any signal run now and how to stop them, and what ended
 * lately. A tenant sees and stops its own queries only.
 */
public final class QueryListEndpoints {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;
  private static final double NANOS = 1e9;

  private final QueryCapacity capacity;

  public QueryListEndpoints(QueryCapacity capacity) {
    this.capacity = capacity;
  }

  public void register(Routes routes) {
    Routes.Family family = routes.family(ErrorShape.JSON, Right.READ);
    family.get("/api/v1/queries", this::running);
    family.get("/api/v1/queries/recent", this::recent);
    family.needing(Right.ACT).delete("/api/v1/queries/{id}", this::cancel);
  }

  private Response running(Request request) {
    String signal = signal(request.parameters());
    List<RunningQuery> queries =
        capacity.running().of(request.tenant()).stream()
            .filter(query -> signal.isEmpty() || query.signal().equals(signal))
            .toList();
    return answer(json -> {
      json.raw("{\"queries\":[");
      for (int i = 0; i < queries.size(); i++) {
        json.raw(i == 0 ? "{" : ",{");
        running(json, queries.get(i));
        json.raw('}');
      }
      json.raw("],\"concurrency\":").integer(capacity.threads());
      json.raw(",\"queueLimit\":").integer(capacity.queue()).raw('}');
    });
  }

  private static void running(JsonText json, RunningQuery query) throws IOException {
    json.raw("\"id\":").string(query.id());
    json.raw(",\"signal\":").string(query.signal());
    json.raw(",\"state\":").string(query.state().name().toLowerCase(Locale.ROOT));
    json.raw(",\"tenant\":").string(query.tenant().value());
    sender(json, query.user(), query.client());
    description(json, query.description());
    json.raw(",\"arrived\":").string(query.arrived().toString());
    json.raw(",\"elapsedSeconds\":").raw(seconds(query.elapsedNanos()));
    json.raw(",\"waitedSeconds\":").raw(seconds(query.waitedNanos()));
    QueryBudget budget = query.budget();
    json.raw(",\"samplesRead\":").integer(budget.samplesRead());
    json.raw(",\"bytesRead\":").integer(budget.bytesRead());
    json.raw(",\"seriesSelected\":").integer(budget.seriesSelected());
    json.raw(",\"peakSamples\":").integer(budget.peakSamplesHeld());
    json.raw(",\"bytes\":").integer(budget.bytesCharged());
  }

  private static void sender(JsonText json, @Nullable String user, String client)
      throws IOException {
    if (user != null) {
      json.raw(",\"user\":").string(user);
    }
    json.raw(",\"client\":").string(client);
  }

  private static void description(JsonText json, QueryDescription description) throws IOException {
    json.raw(",\"kind\":").string(description.kind());
    json.raw(",\"query\":").string(description.text());
    Long start = description.startMs();
    if (start != null) {
      json.raw(",\"start\":").seconds(start);
    }
    Long end = description.endMs();
    if (end != null) {
      json.raw(",\"end\":").seconds(end);
    }
    if (description.stepMs() > 0) {
      json.raw(",\"step\":").seconds(description.stepMs());
    }
  }

  private Response cancel(Request request) {
    String id = request.pathParameter("id");
    if (capacity.running().cancel(request.tenant(), id) == null) {
      throw new HttpError(
          404,
          "not_found",
          "no query " + id + " of this tenant waits or runs; it may have ended already");
    }
    return answer(json -> json.raw("{\"id\":").string(id).raw(",\"state\":\"cancelling\"}"));
  }

  private Response recent(Request request) {
    Parameters parameters = request.parameters();
    int limit = limit(parameters);
    Duration least = duration(parameters, "min_duration");
    String signal = signal(parameters);
    String outcome = parameters.getOrEmpty("outcome");
    boolean slow =
        switch (parameters.getOrEmpty("log")) {
          case "", "recent" -> false;
          case "slow" -> true;
          default -> throw invalid("log", "it is neither recent nor slow");
        };
    Comparator<EndedQuery> order =
        switch (parameters.getOrEmpty("order")) {
          case "", "time" -> Comparator.comparing(EndedQuery::arrived).reversed();
          case "duration" -> Comparator.comparingLong(EndedQuery::elapsedNanos).reversed();
          case "samples" -> Comparator.comparingLong(EndedQuery::samplesRead).reversed();
          default -> throw invalid("order", "it is none of time, duration and samples");
        };
    QueryLog log = capacity.log();
    List<EndedQuery> ended = slow ? log.slow(request.tenant()) : log.recent(request.tenant());
    List<EndedQuery> shown =
        ended.stream()
            .filter(query -> query.elapsedNanos() >= least.toNanos())
            .filter(query -> outcome.isEmpty() || query.outcome().equals(outcome))
            .filter(query -> signal.isEmpty() || query.signal().equals(signal))
            .sorted(order)
            .limit(limit)
            .toList();
    return answer(json -> {
      json.raw("{\"queries\":[");
      for (int i = 0; i < shown.size(); i++) {
        json.raw(i == 0 ? "{" : ",{");
        ended(json, shown.get(i));
        json.raw('}');
      }
      json.raw("],\"slowFromSeconds\":").integer(QueryLog.SLOW_FROM.toSeconds()).raw('}');
    });
  }

  private static void ended(JsonText json, EndedQuery query) throws IOException {
    json.raw("\"id\":").string(query.id());
    json.raw(",\"signal\":").string(query.signal());
    json.raw(",\"outcome\":").string(query.outcome());
    if (!query.error().isEmpty()) {
      json.raw(",\"error\":").string(query.error());
    }
    sender(json, query.user(), query.client());
    description(json, query.description());
    json.raw(",\"arrived\":").string(query.arrived().toString());
    json.raw(",\"elapsedSeconds\":").raw(seconds(query.elapsedNanos()));
    json.raw(",\"waitedSeconds\":").raw(seconds(query.waitedNanos()));
    json.raw(",\"samplesRead\":").integer(query.samplesRead());
    json.raw(",\"bytesRead\":").integer(query.bytesRead());
    json.raw(",\"seriesSelected\":").integer(query.seriesSelected());
    json.raw(",\"peakSamples\":").integer(query.peakSamples());
    json.raw(",\"metrics\":").strings(query.metrics());
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.6f", nanos / NANOS);
  }

  private static String signal(Parameters parameters) {
    String signal = parameters.getOrEmpty("signal");
    return switch (signal) {
      case "", "metrics", "logs" -> signal;
      default -> throw invalid("signal", "it is neither metrics nor logs");
    };
  }

  /** As {@code 1h30m}, or in seconds; nothing is zero. */
  private static Duration duration(Parameters parameters, String name) {
    String text = parameters.getOrEmpty(name);
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    try {
      return text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")
          ? Duration.ofNanos((long) (Double.parseDouble(text) * NANOS))
          : PrometheusDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid(name, String.valueOf(e.getMessage()));
    }
  }

  private static int limit(Parameters parameters) {
    String text = parameters.getOrEmpty("limit");
    if (text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    int limit;
    try {
      limit = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw invalid("limit", "'" + text + "' is not a number");
    }
    if (limit < 0 || limit > MAX_LIMIT) {
      throw invalid("limit", "it must be between 0 and " + MAX_LIMIT);
    }
    return limit == 0 ? MAX_LIMIT : limit;
  }

  private static HttpError invalid(String name, String problem) {
    return HttpError.badData("invalid parameter \"" + name + "\": " + problem);
  }

  /** Writes the value of {@code data}. */
  @FunctionalInterface
  private interface Data {
    void write(JsonText json) throws IOException;
  }

  private static Response answer(Data data) {
    return Response.stream(
        200,
        "application/json",
        out -> {
          JsonText json = new JsonText(out);
          json.raw("{\"status\":\"success\",\"data\":");
          data.write(json);
          json.raw('}').flush();
        });
  }
}
