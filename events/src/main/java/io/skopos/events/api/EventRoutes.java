// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events.api;

import io.skopos.events.Event;
import io.skopos.events.EventIds;
import io.skopos.events.EventQuery;
import io.skopos.events.EventStore;
import io.skopos.model.Matcher;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.WriteUnavailable;
import io.skopos.storage.index.LabelPattern;
import io.skopos.web.Body;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code POST} and {@code GET /api/v1/events}, {@code GET /api/v1/events/{id}}. */
public final class EventRoutes {

  private static final int MAX_BODY = 4 << 20;
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final long DEFAULT_RANGE_MS = Duration.ofDays(1).toMillis();
  private static final Pattern LABEL = Pattern.compile("([^=!~]+)(=~|!~|!=|=)(.*)", Pattern.DOTALL);

  private final EventStore events;
  private final Intake intake;
  private final InstantSource clock;
  private final EventIds ids;

  public EventRoutes(EventStore events, Intake intake, InstantSource clock) {
    this.events = events;
    this.intake = intake;
    this.clock = clock;
    this.ids = new EventIds(clock);
  }

  public void register(Routes routes) {
    routes
        .family(ErrorShape.JSON, Right.WRITE)
        .post("/api/v1/events", this::add)
        .needing(Right.READ)
        .get("/api/v1/events", this::find)
        .get("/api/v1/events/{id}", this::get);
  }

  private Response add(Request request) throws InterruptedException {
    Body body = request.body();
    if (body.length() > MAX_BODY) {
      throw HttpError.tooLarge(
          "the body has " + body.length() + " bytes, the limit for events is " + MAX_BODY);
    }
    EventJson.Posted posted =
        new EventJson(ids::next, clock.millis()).read(body.bytes(), body.length());
    if (!posted.events().isEmpty()) {
      await(request, posted.events());
    }
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "success");
          json.writeFieldName("data");
          if (posted.array()) {
            json.writeStartArray();
          }
          for (Event event : posted.events()) {
            EventJson.write(json, event);
          }
          if (posted.array()) {
            json.writeEndArray();
          }
          json.writeEndObject();
        });
  }

  private void await(Request request, List<Event> added) throws InterruptedException {
    try {
      events.add(intake, request.tenant(), added).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WriteRefused refused) {
        throw new HttpError(refused.httpStatus(), "bad_data", String.valueOf(refused.getMessage()));
      }
      if (e.getCause() instanceof WriteUnavailable unavailable) {
        throw HttpError.unavailable(
            String.valueOf(unavailable.getMessage()), Duration.ofSeconds(5));
      }
      throw new IllegalStateException("events could not be added", e);
    }
  }

  private Response find(Request request) {
    Parameters parameters = request.parameters();
    long now = clock.millis();
    long end = time(parameters, "end", now);
    long start = time(parameters, "start", end - DEFAULT_RANGE_MS);
    if (start > end) {
      throw HttpError.badData("start: is after the end");
    }
    boolean newestFirst =
        switch (parameters.getOrEmpty("order")) {
          case "", "desc" -> true;
          case "asc" -> false;
          default -> throw HttpError.badData("order: must be asc or desc");
        };
    EventQuery query =
        new EventQuery(
            start,
            end,
            new LinkedHashSet<>(parameters.all("kind")),
            new LinkedHashSet<>(parameters.all("entity")),
            labels(parameters),
            parameters.getOrEmpty("search"),
            newestFirst,
            limit(parameters),
            cursor(parameters));
    EventQuery.Page page = events.find(request.tenant(), query);
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "success");
          json.writeObjectFieldStart("data");
          json.writeArrayFieldStart("events");
          for (Event event : page.events()) {
            EventJson.write(json, event);
          }
          json.writeEndArray();
          EventQuery.Cursor next = page.next();
          if (next != null) {
            json.writeStringField("next", encode(next));
          }
          json.writeEndObject();
          if (!page.warnings().isEmpty()) {
            json.writeArrayFieldStart("warnings");
            for (String warning : page.warnings()) {
              json.writeString(warning);
            }
            json.writeEndArray();
          }
          json.writeEndObject();
        });
  }

  private Response get(Request request) {
    String id = request.pathParameter("id");
    Event event = events.get(request.tenant(), id);
    if (event == null) {
      throw new HttpError(404, "not_found", "there is no event " + id);
    }
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "success");
          json.writeFieldName("data");
          EventJson.write(json, event);
          json.writeEndObject();
        });
  }

  private static long time(Parameters parameters, String name, long otherwise) {
    String text = parameters.get(name);
    return text == null || text.isEmpty() ? otherwise : EventJson.parseTime(text, name);
  }

  private static int limit(Parameters parameters) {
    String text = parameters.getOrEmpty("limit");
    if (text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    Long limit = EventJson.parseLong(text);
    if (limit == null || limit < 1 || limit > MAX_LIMIT) {
      throw HttpError.badData("limit: '" + text + "' is not a number from 1 to " + MAX_LIMIT);
    }
    return limit.intValue();
  }

  private static List<Matcher> labels(Parameters parameters) {
    List<Matcher> matchers = new ArrayList<>();
    for (String text : parameters.all("label")) {
      java.util.regex.Matcher parts = LABEL.matcher(text);
      if (!parts.matches()) {
        throw HttpError.badData(
            "label: '" + text + "' is not name=value, name!=value, name=~regex or name!~regex");
      }
      Matcher.Type type =
          switch (parts.group(2)) {
            case "=~" -> Matcher.Type.REGEX;
            case "!~" -> Matcher.Type.NOT_REGEX;
            case "!=" -> Matcher.Type.NOT_EQUAL;
            default -> Matcher.Type.EQUAL;
          };
      Matcher matcher = new Matcher(type, parts.group(1).strip(), parts.group(3));
      try {
        // Refused here, with the parameter's name, rather than while rows are read.
        if (type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX) {
          LabelPattern.compile(matcher.value());
        }
      } catch (IllegalArgumentException e) {
        throw HttpError.badData("label: " + text + ": " + e.getMessage());
      }
      matchers.add(matcher);
    }
    return matchers;
  }

  private static EventQuery.@Nullable Cursor cursor(Parameters parameters) {
    String text = parameters.getOrEmpty("next");
    if (text.isEmpty()) {
      return null;
    }
    try {
      String decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int space = decoded.indexOf(' ');
      Long start = space < 0 ? null : EventJson.parseLong(decoded.substring(0, space));
      if (start != null) {
        return new EventQuery.Cursor(start, decoded.substring(space + 1));
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw HttpError.badData("next: is not what an answer gave as next");
  }

  private static String encode(EventQuery.Cursor cursor) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((cursor.startMs() + " " + cursor.id()).getBytes(StandardCharsets.UTF_8));
  }
}
