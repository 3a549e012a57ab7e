// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.metrics.api.ExtraLabels;
import io.skopos.metrics.wire.influx.InfluxLines;
import io.skopos.metrics.wire.influx.Precision;
import io.skopos.model.Label;
import io.skopos.storage.Intake;
import io.skopos.web.Body;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * InfluxDB's write endpoints of versions 1 and 2, and what clients ask before they write. A
 * database or bucket becomes the label {@code db}, unless a tag of that name is sent.
 */
final class InfluxEndpoint {

  static final String PROTOCOL = "influx";

  /** The version whose interface this is; clients choose their protocol by it. */
  private static final String VERSION = "1.8.10";

  private static final ErrorShape ERRORS =
      error -> error.onto(failure(error.status(), "internal", error.getMessage()));

  private final Intake intake;
  private final Receipts receipts;
  private final InstantSource clock;

  InfluxEndpoint(Intake intake, Receipts receipts, InstantSource clock) {
    this.intake = intake;
    this.receipts = receipts;
    this.clock = clock;
  }

  void register(Routes routes) {
    Routes.Family write = routes.family(ERRORS, Right.WRITE);
    Routes.Family open = routes.openFamily(ERRORS);
    for (String prefix : List.of("", "/influx")) {
      write.post(prefix + "/write", this::write);
      write.post(prefix + "/api/v2/write", this::write);
      write.post(prefix + "/query", InfluxEndpoint::query);
      open.getOrPost(prefix + "/ping", InfluxEndpoint::ping);
      open.get(prefix + "/health", InfluxEndpoint::health);
    }
    // GET /query is a page of the web UI.
    write.get("/influx/query", InfluxEndpoint::query);
  }

  private Response write(Request request) {
    Parameters parameters = request.queryParameters();
    Precision precision;
    try {
      precision = Precision.of(parameters.getOrEmpty("precision"));
    } catch (IllegalArgumentException e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
    ReceivedRows rows =
        new ReceivedRows(intake, receipts, request.tenant(), PROTOCOL, ExtraLabels.of(parameters));
    Body body = request.body();
    String database = database(parameters);
    new InfluxLines(
            precision,
            clock.millis(),
            database.isEmpty() ? List.of() : List.of(new Label("db", database)),
            rows)
        .read(body.bytes(), 0, body.length());
    rows.flush();
    if (rows.refused() > 0) {
      // Clients tell by these words that what is good has been kept, and do not repeat it.
      return versioned(failure(400, "invalid", "partial write: " + rows.summary()));
    }
    return versioned(Response.empty(204));
  }

  private static String database(Parameters parameters) {
    String database = parameters.getOrEmpty("db");
    return database.isEmpty() ? parameters.getOrEmpty("bucket") : database;
  }

  private static Response ping(Request request) {
    return versioned(Response.empty(204));
  }

  private static Response health(Request request) {
    return versioned(
        Response.json(
            200,
            json -> {
              json.writeStartObject();
              json.writeStringField("name", "influxdb");
              json.writeStringField("message", "ready for writes");
              json.writeStringField("status", "pass");
              json.writeStringField("version", VERSION);
              json.writeEndObject();
            }));
  }

  /** Statements clients send before they write: there is nothing to create. */
  private static Response query(Request request) {
    String statement = request.parameters().getOrEmpty("q").strip();
    String word = statement.toUpperCase(Locale.ROOT);
    if (word.isEmpty()) {
      throw HttpError.badData("missing required parameter \"q\"");
    }
    boolean showsDatabases = word.startsWith("SHOW DATABASES");
    if (!showsDatabases && !word.startsWith("CREATE ")) {
      throw HttpError.badData(
          "InfluxQL is not answered here; what was written can be asked for by PromQL"
              + " (/api/v1/query)");
    }
    return versioned(
        Response.json(
            200,
            json -> {
              json.writeStartObject();
              json.writeArrayFieldStart("results");
              json.writeStartObject();
              json.writeNumberField("statement_id", 0);
              if (showsDatabases) {
                json.writeArrayFieldStart("series");
                json.writeStartObject();
                json.writeStringField("name", "databases");
                json.writeArrayFieldStart("columns");
                json.writeString("name");
                json.writeEndArray();
                json.writeArrayFieldStart("values");
                json.writeEndArray();
                json.writeEndObject();
                json.writeEndArray();
              }
              json.writeEndObject();
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private static Response versioned(Response response) {
    return response.header("X-Influxdb-Version", VERSION).header("X-Influxdb-Build", "OSS");
  }

  private static Response failure(int status, String code, String message) {
    String line = message.replace('\n', ' ').replace('\r', ' ');
    String shown = line.length() > 400 ? line.substring(0, 400) : line;
    return Response.json(
            status,
            json -> {
              json.writeStartObject();
              json.writeStringField("code", code);
              json.writeStringField("message", message);
              json.writeStringField("error", message);
              json.writeEndObject();
            })
        .header("X-Influxdb-Error", shown.replaceAll("[^ -~]", "?"));
  }
}
