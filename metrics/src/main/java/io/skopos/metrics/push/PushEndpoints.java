// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.web.Body;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Method;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** The Pushgateway's interface. Thread-safe. */
public final class PushEndpoints {

  private static final String PROTOCOL = "push";
  private static final String PREFIX = "/metrics/";

  private final PushedGroups groups;
  private final Receipts receipts;

  public PushEndpoints(PushedGroups groups, Receipts receipts) {
    this.groups = groups;
    this.receipts = receipts;
  }

  public void register(Routes routes) {
    Routes.Family write = routes.family(ErrorShape.PLAIN_TEXT, Right.WRITE);
    for (String job : new String[] {"job", "job@base64"}) {
      write
          .post(PREFIX + job + "/{*rest}", request -> push(request, false))
          .add(Method.PUT, PREFIX + job + "/{*rest}", request -> push(request, true))
          .add(Method.DELETE, PREFIX + job + "/{*rest}", this::delete);
    }
    routes.family(ErrorShape.JSON, Right.READ).get("/api/v1/metrics", this::list);
    routes
        .family(ErrorShape.PLAIN_TEXT, Right.ADMIN)
        .add(Method.PUT, "/api/v1/admin/wipe", this::wipe);
  }

  private static Labels key(Request request) {
    return GroupingKey.parse(request.path().substring(PREFIX.length()));
  }

  private Response push(Request request, boolean replaceAll) throws IOException {
    ExpositionFormat format = ExpositionFormat.ofContentType(request.header("Content-Type"));
    if (format == null) {
      // curl --data-binary declares a form and sends text.
      format = ExpositionFormat.TEXT;
    }
    try {
      Labels key = key(request);
      Body body = request.body();
      byte[] bytes = Arrays.copyOf(body.bytes(), body.length());
      groups.push(request.tenant(), key, format, bytes, replaceAll);
      receipts.accepted(request.tenant(), PROTOCOL, 1);
      return Response.empty(200);
    } catch (HttpError e) {
      Rejection reason =
          e.status() == 400
              ? Rejection.MALFORMED
              : e.status() == 503 ? Rejection.UNAVAILABLE : Rejection.LIMIT;
      receipts.rejected(request.tenant(), PROTOCOL, reason, 1, e.getMessage());
      throw e;
    }
  }

  private Response delete(Request request) throws IOException {
    groups.delete(request.tenant(), key(request));
    return Response.empty(202);
  }

  private Response wipe(Request request) throws IOException {
    groups.wipe(request.tenant());
    return Response.empty(202);
  }

  private Response list(Request request) {
    Collection<PushGroup> all = groups.groups(request.tenant());
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "success");
          json.writeArrayFieldStart("data");
          for (PushGroup group : all) {
            write(json, group);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, PushGroup group) throws IOException {
    json.writeStartObject();
    labels(json, "labels", group.labels());
    json.writeBooleanField("last_push_successful", group.failedMs() <= group.pushedMs());
    for (Map.Entry<String, PushGroup.Pushed> family : group.families().entrySet()) {
      PushGroup.Pushed pushed = family.getValue();
      json.writeObjectFieldStart(family.getKey());
      json.writeStringField("time_stamp", Instant.ofEpochMilli(pushed.timeMs()).toString());
      json.writeStringField("type", pushed.family().about().type().toUpperCase(Locale.ROOT));
      json.writeStringField("help", pushed.family().about().help());
      json.writeArrayFieldStart("metrics");
      for (PushedBody.PushedSample sample : pushed.family().samples()) {
        json.writeStartObject();
        json.writeStringField("name", sample.labels().getOrEmpty(Label.METRIC_NAME));
        labels(json, "labels", sample.labels().dropMetricName());
        json.writeStringField("value", Double.toString(sample.value()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void labels(JsonGenerator json, String field, Labels labels) throws IOException {
    json.writeObjectFieldStart(field);
    for (Label label : labels) {
      json.writeStringField(label.name(), label.value());
    }
    json.writeEndObject();
  }
}
