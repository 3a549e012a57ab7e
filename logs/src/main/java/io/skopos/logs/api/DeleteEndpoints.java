// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.serving.append.Appends;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import io.skopos.web.HttpError;
import io.skopos.web.Method;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code /loki/api/v1/delete}: hides the streams that fit all matchers, within a range, at once and
 * for good. The list of requests is that since the start, of each tenant the last; none is ever
 * pending, so that none can be cancelled.
 */
final class DeleteEndpoints {

  private static final String PATH = "/loki/api/v1/delete";
  private static final int MAX_REMEMBERED = 100;
  private static final int MAX_TENANTS = 1000;

  private final Intake intake;
  private final InstantSource clock;
  private final AtomicLong next = new AtomicLong();
  private final Map<TenantId, Deque<Done>> done = new LinkedHashMap<>(16, 0.75f, true);

  private record Done(String id, long startMs, long endMs, String query, long createdMs) {}

  DeleteEndpoints(Intake intake, InstantSource clock) {
    this.intake = intake;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.post(PATH, this::delete);
    family.add(Method.PUT, PATH, this::delete);
    family.get(PATH, this::list);
    family.delete(PATH, this::cancel);
  }

  private Response delete(Request request) {
    Parameters parameters = request.parameters();
    String text = parameters.getOrEmpty("query");
    if (text.isBlank()) {
      throw HttpError.badData("query not set");
    }
    if (parameters.getOrEmpty("start").isEmpty()) {
      throw HttpError.badData("start time not set");
    }
    long nowNs = clock.millis() * 1_000_000;
    long start = LokiParameters.time(parameters, "start", nowNs);
    long end = LokiParameters.time(parameters, "end", nowNs);
    if (end > nowNs) {
      throw HttpError.badData("deletes in the future are not allowed");
    }
    if (start > end) {
      throw HttpError.badData("start time can't be greater than end time");
    }
    List<Matcher> matchers;
    try {
      matchers = LogqlQuery.parseMatchers(text);
    } catch (ParseFailed e) {
      throw HttpError.badData(
          "the query of a deletion must be matchers only, like {app=\"api\"}: " + e.getMessage());
    }
    TimeRange range =
        new TimeRange(Math.floorDiv(start, 1_000_000L), Math.floorDiv(end, 1_000_000L));
    Appends.await(intake.delete(request.tenant(), Signal.LOGS, new Deletion(matchers, range)));
    request.auditDetail("deleted " + text);
    remember(
        request.tenant(),
        new Done(
            Long.toHexString(next.incrementAndGet()),
            range.fromMs(),
            range.toMs(),
            text,
            clock.millis()));
    return Response.empty(204);
  }

  private void remember(TenantId tenant, Done deletion) {
    synchronized (done) {
      Deque<Done> own = done.computeIfAbsent(tenant, _ -> new ArrayDeque<>());
      own.addFirst(deletion);
      if (own.size() > MAX_REMEMBERED) {
        own.removeLast();
      }
      if (done.size() > MAX_TENANTS) {
        done.remove(done.keySet().iterator().next());
      }
    }
  }

  private Response list(Request request) {
    List<Done> own;
    synchronized (done) {
      Deque<Done> known = done.get(request.tenant());
      own = known == null ? List.of() : List.copyOf(known);
    }
    return QueryEndpoints.stream(json -> {
      json.raw('[');
      for (int i = 0; i < own.size(); i++) {
        Done each = own.get(i);
        json.raw(i == 0 ? "{\"request_id\":" : ",{\"request_id\":").string(each.id());
        json.raw(",\"start_time\":").seconds(each.startMs());
        json.raw(",\"end_time\":").seconds(each.endMs());
        json.raw(",\"query\":").string(each.query());
        json.raw(",\"status\":\"processed\",\"created_at\":").seconds(each.createdMs()).raw('}');
      }
      json.raw(']');
    });
  }

  private Response cancel(Request request) {
    String id = request.parameters().getOrEmpty("request_id");
    throw new HttpError(
        404,
        "not_found",
        "could not find delete request with given id "
            + id
            + ": deletions are in force at once, there is nothing to cancel");
  }
}
