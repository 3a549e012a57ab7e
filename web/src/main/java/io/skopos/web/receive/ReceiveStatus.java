// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.receive;

import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** {@code GET /api/v1/status/ingest}: what came in of the asking tenant, and what did not. */
public final class ReceiveStatus {

  private final Receipts receipts;

  public ReceiveStatus(Receipts receipts) {
    this.receipts = receipts;
  }

  public void register(Routes.Family family) {
    family.get("/api/v1/status/ingest", this::status);
  }

  private Response status(Request request) {
    int limit = limit(request.queryParameters().getOrEmpty("limit"));
    TenantReceipts tenant = receipts.of(request.tenant());
    List<TenantReceipts.Summary> summaries =
        tenant == null ? List.of() : tenant.summaries(receipts.nowMs());
    List<TenantReceipts.Rejected> rejections = tenant == null ? List.of() : tenant.rejections();
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "success");
          json.writeObjectFieldStart("data");
          json.writeArrayFieldStart("protocols");
          for (TenantReceipts.Summary summary : summaries) {
            write(json, summary);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("rejected");
          for (TenantReceipts.Rejected rejected :
              rejections.subList(0, Math.min(limit, rejections.size()))) {
            write(json, rejected);
          }
          json.writeEndArray();
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, TenantReceipts.Summary summary) throws IOException {
    json.writeStartObject();
    json.writeStringField("protocol", summary.protocol());
    json.writeNumberField("rows", summary.rows());
    json.writeNumberField("rejectedRows", summary.rejected());
    json.writeNumberField("rowsPerSecond", summary.rowsPerSecond());
    json.writeNumberField("rejectedRowsPerSecond", summary.rejectedPerSecond());
    json.writeStringField("last", Instant.ofEpochMilli(summary.lastMs()).toString());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, TenantReceipts.Rejected rejected)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("time", Instant.ofEpochMilli(rejected.timeMs()).toString());
    json.writeStringField("protocol", rejected.protocol());
    json.writeStringField("reason", rejected.reason().word());
    json.writeNumberField("rows", rejected.rows());
    json.writeStringField("detail", rejected.detail());
    json.writeEndObject();
  }

  private static int limit(String text) {
    if (text.isEmpty()) {
      return TenantReceipts.MAX_REJECTIONS;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw HttpError.badData("limit must be a whole number, not '" + text + "'");
  }
}
