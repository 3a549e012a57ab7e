// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.metrics.api.ExtraLabels;
import io.skopos.metrics.wire.csv.CsvFormat;
import io.skopos.metrics.wire.csv.CsvLines;
import io.skopos.metrics.wire.victoria.JsonLines;
import io.skopos.storage.Intake;
import io.skopos.web.Body;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import java.time.InstantSource;

/** {@code /api/v1/import} (lines of JSON) and {@code /api/v1/import/csv}, as in VictoriaMetrics. */
final class ImportEndpoints {

  private final Intake intake;
  private final Receipts receipts;
  private final InstantSource clock;

  ImportEndpoints(Intake intake, Receipts receipts, InstantSource clock) {
    this.intake = intake;
    this.receipts = receipts;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.post("/api/v1/import", this::json).post("/api/v1/import/csv", this::csv);
  }

  private Response json(Request request) {
    ReceivedRows rows = rows(request, "json");
    Body body = request.body();
    new JsonLines(rows).read(body.bytes(), 0, body.length());
    return answer(rows);
  }

  private Response csv(Request request) {
    String text = request.queryParameters().getOrEmpty("format");
    CsvFormat format;
    try {
      format = CsvFormat.parse(text);
    } catch (IllegalArgumentException e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
    ReceivedRows rows = rows(request, "csv");
    Body body = request.body();
    new CsvLines(format, clock.millis(), rows).read(body.bytes(), 0, body.length());
    return answer(rows);
  }

  private ReceivedRows rows(Request request, String protocol) {
    // Never the form: curl -d declares one and sends lines.
    Parameters parameters = request.queryParameters();
    return new ReceivedRows(
        intake, receipts, request.tenant(), protocol, ExtraLabels.of(parameters));
  }

  private static Response answer(ReceivedRows rows) {
    rows.flush();
    return rows.refused() == 0 ? Response.empty(204) : Response.text(400, rows.summary() + "\n");
  }
}
