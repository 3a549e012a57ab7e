// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discoveries;
import io.skopos.logs.wire.Discovery;
import io.skopos.logs.wire.JsonPushDecoder;
import io.skopos.logs.wire.PushDecoder;
import io.skopos.logs.wire.PushReport;
import io.skopos.logs.wire.Streams;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.Body;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import io.skopos.web.wire.MalformedMessage;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /loki/api/v1/push} and the older {@code /api/prom/push}: protobuf in snappy, or JSON.
 * Good streams beside bad ones are kept; the answer then is 400 (or 429) with the reason.
 */
final class PushEndpoint {

  private static final String PROTOCOL = "loki";
  private static final String NO_STREAMS =
      "error at least one valid stream is required for ingestion";

  /** More requests than this at a time make their own buffers, which are then dropped. */
  private static final int MAX_KEPT_BUFFERS = 32;

  private final ReceivedBatch received;
  private final Discoveries discoveries;
  private final Streams streams = new Streams();
  private final ArrayBlockingQueue<Buffers> spare = new ArrayBlockingQueue<>(MAX_KEPT_BUFFERS);

  /** What one request decodes with, reused by later ones. */
  private static final class Buffers {
    final PushDecoder decoder;
    final LogBatch batch = new LogBatch();

    Buffers(Streams streams) {
      decoder = new PushDecoder(streams);
    }
  }

  PushEndpoint(Intake intake, Receipts receipts, Discoveries discoveries) {
    this.received = new ReceivedBatch(intake, receipts, PROTOCOL);
    this.discoveries = discoveries;
  }

  void register(Routes.Family family) {
    family.post("/loki/api/v1/push", this::push);
    family.post("/api/prom/push", this::push);
  }

  private Response push(Request request) {
    Discovery discovery = discoveries.of(request.tenant());
    Buffers kept = spare.poll();
    Buffers buffers = kept == null ? new Buffers(streams) : kept;
    PushReport report;
    try {
      report = decode(request, discovery, buffers);
    } catch (MalformedMessage e) {
      giveBack(buffers);
      throw received.malformed(request.tenant(), e.getMessage());
    } catch (HttpError e) {
      giveBack(buffers);
      throw e;
    }
    if (report.streams() == 0) {
      giveBack(buffers);
      throw new HttpError(422, "bad_data", NO_STREAMS);
    }
    WriteRefused left = received.append(request.tenant(), buffers.batch);
    // Only after a completed append: otherwise the batch may still be in use.
    giveBack(buffers);
    received.rejected(request.tenant(), report);
    return answer(report, left);
  }

  private PushReport decode(Request request, Discovery discovery, Buffers buffers)
      throws MalformedMessage {
    if (isJson(request.header("Content-Type"))) {
      Body body = request.body();
      return JsonPushDecoder.decode(body.bytes(), body.length(), discovery, buffers.batch);
    }
    String encoding = request.header("Content-Encoding");
    Body body = request.body("snappy");
    if (encoding == null || encoding.strip().equalsIgnoreCase("snappy")) {
      return buffers.decoder.decode(body.bytes(), body.length(), discovery, buffers.batch);
    }
    // Beneath another encoding protobuf is in snappy all the same, unless the sender left it out.
    try (Body message = request.decompressed(body.bytes(), 0, body.length(), "snappy")) {
      return buffers.decoder.decode(message.bytes(), message.length(), discovery, buffers.batch);
    } catch (HttpError | MalformedMessage e) {
      buffers.batch.clear();
      return buffers.decoder.decode(body.bytes(), body.length(), discovery, buffers.batch);
    }
  }

  private static boolean isJson(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().equals("application/json");
  }

  private void giveBack(Buffers buffers) {
    buffers.batch.clear();
    // False when there are enough: these are garbage then.
    boolean unused = spare.offer(buffers);
  }

  private static Response answer(PushReport report, @Nullable WriteRefused left) {
    if (left != null) {
      String before = report.message();
      return Response.text(
          left.httpStatus(), left.getMessage() + (before.isEmpty() ? "" : "; " + before) + "\n");
    }
    return report.message().isEmpty()
        ? Response.empty(204)
        : Response.text(400, report.message() + "\n");
  }
}
