// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discoveries;
import io.skopos.logs.wire.JsonEntry;
import io.skopos.logs.wire.PushReport;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.Body;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.TextLines;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /api/v1/logs/import}: an object of JSON on each line, as {@code skopos logs --output
 * jsonl} writes them or as any shipper does; also under VictoriaLogs' path {@code
 * /insert/jsonline}. Bad lines are passed over and reported; the good ones are kept.
 */
final class LinesEndpoint {

  private static final int PIECE_BYTES = 8 << 20;
  private static final List<String> TIME =
      List.of("timestamp", "_time", "@timestamp", "time", "ts");
  private static final List<String> LINE = List.of("line", "_msg", "message", "msg", "log");

  private final ReceivedBatch received;
  private final Discoveries discoveries;
  private final InstantSource clock;

  LinesEndpoint(Intake intake, Receipts receipts, Discoveries discoveries, InstantSource clock) {
    this.received = new ReceivedBatch(intake, receipts, "jsonline");
    this.discoveries = discoveries;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.post("/api/v1/logs/import", this::receive);
    family.post("/insert/jsonline", this::receive);
  }

  private Response receive(Request request) {
    JsonEntry entry =
        new JsonEntry(FieldMapping.of(request, TIME, LINE, true), discoveries.of(request.tenant()));
    long nowNs = clock.millis() * 1_000_000;
    Body body = request.body();
    PushReport report = new PushReport();
    LogBatch batch = new LogBatch();
    StringBuilder limits = new StringBuilder();
    int status = 400;
    long pieceFrom = 0;
    TextLines lines = new TextLines(body.bytes(), 0, body.length());
    while (lines.advance()) {
      String problem = entry.read(body.bytes(), lines.from(), lines.to(), Map.of(), nowNs, batch);
      if (problem != null) {
        report.rejected(Rejection.MALFORMED, "line", 1, "line " + lines.number() + ": " + problem);
      }
      if (lines.to() - pieceFrom > PIECE_BYTES) {
        pieceFrom = lines.to();
        status = append(request, batch, report, limits, status);
      }
    }
    status = append(request, batch, report, limits, status);
    received.rejected(request.tenant(), report);
    String problems = report.message() + (limits.isEmpty() ? "" : "; " + limits);
    return problems.isEmpty()
        ? Response.empty(204)
        : Response.text(
            status,
            "kept "
                + report.entries()
                + " entries, refused "
                + report.rejectedEntries()
                + " lines; first reasons: "
                + problems
                + "\n");
  }

  private int append(
      Request request, LogBatch batch, PushReport report, StringBuilder limits, int status) {
    long rows = batch.rows();
    WriteRefused left = received.append(request.tenant(), batch);
    report.accepted(left == null ? rows : left.keptRows());
    batch.clear();
    if (left == null) {
      return status;
    }
    if (limits.isEmpty()) {
      limits.append(left.getMessage());
    }
    return left.httpStatus();
  }
}
