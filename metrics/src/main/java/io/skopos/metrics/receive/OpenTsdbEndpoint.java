// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.metrics.api.ExtraLabels;
import io.skopos.metrics.wire.opentsdb.PutJson;
import io.skopos.storage.Intake;
import io.skopos.web.Body;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import io.skopos.web.wire.MalformedMessage;

/**
 * OpenTSDB's {@code /api/put}. With {@code summary} the answer counts, with {@code details} it
 * names the bad points.
 */
final class OpenTsdbEndpoint {

  static final String PROTOCOL = "opentsdb";

  private static final int MAX_DETAILS = 1000;

  private final Intake intake;
  private final Receipts receipts;

  OpenTsdbEndpoint(Intake intake, Receipts receipts) {
    this.intake = intake;
    this.receipts = receipts;
  }

  void register(Routes.Family family) {
    family.post("/api/put", this::put).post("/opentsdb/api/put", this::put);
  }

  private Response put(Request request) {
    Parameters parameters = request.queryParameters();
    ReceivedRows rows =
        new ReceivedRows(
            intake, receipts, request.tenant(), PROTOCOL, ExtraLabels.of(parameters), MAX_DETAILS);
    Body body = request.body();
    String malformed = "";
    try {
      new PutJson(rows).read(body.bytes(), 0, body.length());
    } catch (MalformedMessage e) {
      malformed = String.valueOf(e.getMessage());
      rows.bad(rows.kept() + rows.refused() + 1, malformed);
    }
    rows.flush();
    boolean details = parameters.get("details") != null;
    int status = rows.refused() == 0 ? 200 : 400;
    if (details || parameters.get("summary") != null) {
      return counted(rows, details, status);
    }
    return rows.refused() == 0 ? Response.empty(204) : failure(rows);
  }

  private static Response counted(ReceivedRows rows, boolean details, int status) {
    return Response.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeNumberField("success", rows.kept());
          json.writeNumberField("failed", rows.refused());
          if (details) {
            json.writeArrayFieldStart("errors");
            for (ReceivedRows.Problem problem : rows.problems()) {
              json.writeStartObject();
              json.writeNumberField("datapoint", problem.line());
              json.writeStringField("error", problem.text());
              json.writeEndObject();
            }
            json.writeEndArray();
          }
          json.writeEndObject();
        });
  }

  private static Response failure(ReceivedRows rows) {
    return Response.json(
        400,
        json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("error");
          json.writeNumberField("code", 400);
          json.writeStringField("message", "One or more data points had errors");
          json.writeStringField("details", rows.summary());
          json.writeEndObject();
          json.writeEndObject();
        });
  }
}
