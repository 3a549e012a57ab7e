// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discoveries;
import io.skopos.logs.wire.JsonEntry;
import io.skopos.logs.wire.PushReport;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.Body;
import io.skopos.web.HttpError;
import io.skopos.web.Method;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.TextLines;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Elasticsearch's {@code _bulk}: pairs of an action and an object, one item in the answer for each.
 * {@code create} and {@code index} add an entry; {@code update} and {@code delete} are refused, as
 * entries do not change. The index is a label of the stream.
 */
final class BulkEndpoint {

  static final List<String> PREFIXES = List.of("", "/elasticsearch", "/insert/elasticsearch");

  private static final List<String> TIME = List.of("@timestamp", "_time", "timestamp");
  private static final List<String> LINE = List.of("message", "_msg", "log", "msg");

  private final ReceivedBatch received;
  private final Discoveries discoveries;
  private final InstantSource clock;

  BulkEndpoint(Intake intake, Receipts receipts, Discoveries discoveries, InstantSource clock) {
    this.received = new ReceivedBatch(intake, receipts, "elasticsearch");
    this.discoveries = discoveries;
    this.clock = clock;
  }

  void register(Routes routes) {
    Routes.Family family = routes.family(new ElasticsearchErrors(), Right.WRITE);
    for (String prefix : PREFIXES) {
      family.post(prefix + "/_bulk", request -> bulk(request, ""));
      family.add(Method.PUT, prefix + "/_bulk", request -> bulk(request, ""));
      family.post(
          prefix + "/{index}/_bulk", request -> bulk(request, request.pathParameter("index")));
    }
  }

  /**
   * One action and what became of it.
   *
   * @param row in the batch; -1 when there is none
   */
  private record Item(String action, String index, String id, int row, @Nullable String problem) {}

  private Response bulk(Request request, String defaultIndex) {
    long began = System.nanoTime();
    JsonEntry entry =
        new JsonEntry(
            FieldMapping.of(request, TIME, LINE, false), discoveries.of(request.tenant()));
    long nowNs = clock.millis() * 1_000_000;
    Body body = request.body();
    LogBatch batch = new LogBatch();
    PushReport report = new PushReport();
    List<Item> items = new ArrayList<>();
    TextLines lines = new TextLines(body.bytes(), 0, body.length());
    while (lines.advance()) {
      BulkAction action = action(body.bytes(), lines, defaultIndex);
      if (action.name().equals("delete")) {
        items.add(refused(action, "entries are not deleted one by one", report));
        continue;
      }
      if (!lines.advance()) {
        throw new HttpError(
            400, "illegal_argument_exception", "the bulk request ends behind an action");
      }
      if (action.name().equals("update")) {
        items.add(refused(action, "entries are not updated", report));
        continue;
      }
      Map<String, String> labels =
          action.index().isEmpty() ? Map.of() : Map.of("index", action.index());
      String problem = entry.read(body.bytes(), lines.from(), lines.to(), labels, nowNs, batch);
      items.add(
          problem == null
              ? new Item(action.name(), action.index(), action.id(), batch.rows() - 1, null)
              : refused(action, problem, report));
    }
    WriteRefused left = received.append(request.tenant(), batch);
    received.rejected(request.tenant(), report);
    long took = (System.nanoTime() - began) / 1_000_000;
    boolean errors = left != null || report.rejectedEntries() > 0;
    String limit = left == null ? null : left.getMessage();
    // Which ones a limit left out is not known here: as many as it did, the last ones, count as
    // failed. Senders repeat them after 429, and what is there already is not kept twice.
    long firstLeftOut = left == null ? Long.MAX_VALUE : left.keptRows();
    int status = left == null ? 400 : left.httpStatus();
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeNumberField("took", took);
          json.writeBooleanField("errors", errors);
          json.writeArrayFieldStart("items");
          for (Item item : items) {
            boolean limited = item.row() >= firstLeftOut;
            write(json, item, limited ? limit : item.problem(), limited ? status : 400);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static Item refused(BulkAction action, String problem, PushReport report) {
    report.rejected(Rejection.MALFORMED, "item", 1, problem);
    return new Item(action.name(), action.index(), action.id(), -1, problem);
  }

  private static void write(JsonGenerator json, Item item, @Nullable String problem, int status)
      throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(item.action());
    json.writeStringField("_index", item.index());
    if (!item.id().isEmpty()) {
      json.writeStringField("_id", item.id());
    }
    if (problem == null) {
      json.writeNumberField("_version", 1);
      json.writeStringField("result", "created");
      json.writeNumberField("status", 201);
    } else {
      json.writeNumberField("status", status);
      json.writeObjectFieldStart("error");
      json.writeStringField(
          "type", status == 429 ? "es_rejected_execution_exception" : "document_parsing_exception");
      json.writeStringField("reason", problem);
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static BulkAction action(byte[] bytes, TextLines lines, String defaultIndex) {
    BulkAction action = BulkAction.read(bytes, lines.from(), lines.to(), defaultIndex);
    if (action != null) {
      return action;
    }
    throw new HttpError(
        400,
        "illegal_argument_exception",
        "Malformed action/metadata line ["
            + lines.number()
            + "], expected create, index, update or delete; nothing of the request was kept");
  }
}
