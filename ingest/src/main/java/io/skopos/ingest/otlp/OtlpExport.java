// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.WriteUnavailable;
import io.skopos.web.Body;
import io.skopos.web.ErrorShape;
import io.skopos.web.GrpcErrors;
import io.skopos.web.GrpcUnary;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.MalformedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What requests of all signals have in common: HTTP (protobuf or JSON, also compressed) and gRPC,
 * the wait for the intake, and answers that count what was rejected. Thread-safe.
 */
final class OtlpExport {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Intake intake;
  private final Receipts receipts;
  private final String protocol;
  private final JsonSchema schema;
  private final Reader reader;

  /** Reads a message and appends what is good of it. */
  @FunctionalInterface
  interface Reader {

    /**
     * @param message valid until the call returns
     */
    OtlpReport read(TenantId tenant, byte[] message, int length) throws MalformedMessage;
  }

  /**
   * @param protocol a constant word for the receipts
   * @param schema of the request in JSON
   */
  OtlpExport(Intake intake, Receipts receipts, String protocol, JsonSchema schema, Reader reader) {
    this.intake = intake;
    this.receipts = receipts;
    this.protocol = protocol;
    this.schema = schema;
    this.reader = reader;
  }

  void register(Routes routes, List<String> paths, String grpcPath) {
    Routes.Family family = routes.family(ErrorShape.PLAIN_TEXT, Right.WRITE);
    paths.forEach(path -> family.post(path, this::export));
    routes
        .family(new GrpcErrors(), Right.WRITE)
        .post(
            grpcPath,
            new GrpcUnary((request, message, length) ->
                OtlpReply.message(receive(request.tenant(), message, length))));
  }

  private Response export(Request request) {
    OtlpReply reply = reply(request.header("Content-Type"));
    try {
      Body body = request.body();
      byte[] bytes = body.bytes();
      int length = body.length();
      if (reply == OtlpReply.JSON) {
        JsonToProtobuf.Protobuf message = JsonToProtobuf.convert(bytes, length, schema);
        bytes = message.bytes();
        length = message.length();
      }
      return reply.success(receive(request.tenant(), bytes, length));
    } catch (MalformedMessage e) {
      return reply.failure(malformed(request.tenant(), e));
    } catch (HttpError e) {
      return reply.failure(e);
    }
  }

  private static OtlpReply reply(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    return switch (type.toLowerCase(Locale.ROOT)) {
      case "application/x-protobuf", "application/protobuf" -> OtlpReply.PROTOBUF;
      case "application/json" -> OtlpReply.JSON;
      default ->
          throw new HttpError(
              415,
              "bad_data",
              "Content-Type must be application/x-protobuf or application/json, not '"
                  + type
                  + "'");
    };
  }

  private HttpError malformed(TenantId tenant, MalformedMessage e) {
    String message = e.getMessage() + "; nothing of the request was kept";
    receipts.rejected(tenant, protocol, Rejection.MALFORMED, 1, message);
    return HttpError.badData(message);
  }

  private OtlpReport receive(TenantId tenant, byte[] message, int length) {
    OtlpReport report;
    try {
      report = reader.read(tenant, message, length);
    } catch (MalformedMessage e) {
      throw malformed(tenant, e);
    }
    receipts.accepted(tenant, protocol, report.points());
    report
        .rejectedByKind()
        .forEach((kind, count) ->
            receipts.rejected(tenant, protocol, kind, count, report.firstReason(kind)));
    return report;
  }

  /** Waits until what is kept is durable; what a limit leaves out goes to the report. */
  void append(TenantId tenant, Batch batch, OtlpReport report) {
    try {
      intake.append(tenant, batch).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WriteRefused refused && refused.keptRows() > 0) {
        report.leftOut(refused.refusedRows(), String.valueOf(refused.getMessage()));
        return;
      }
      // What another replica sends is kept instead: to the sender that is a success.
      if (!(e.getCause() instanceof WriteRefused refused && refused.isAccepted())) {
        throw failure(tenant, report.points(), e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpError.unavailable(
          "the server is shutting down; whether this was kept is unknown, send it again",
          RETRY_AFTER);
    }
  }

  private RuntimeException failure(TenantId tenant, long points, @Nullable Throwable cause) {
    switch (cause) {
      case WriteRefused refused -> {
        String message = String.valueOf(refused.getMessage());
        receipts.rejected(tenant, protocol, Rejection.LIMIT, points, message);
        HttpError error = new HttpError(refused.httpStatus(), "bad_data", message);
        if (refused.httpStatus() != 429) {
          return error;
        }
        long seconds = Math.max(1, refused.retryAfter().toSeconds());
        return error.header("Retry-After", Long.toString(seconds));
      }
      case WriteUnavailable unavailable -> {
        String message = String.valueOf(unavailable.getMessage());
        receipts.rejected(tenant, protocol, Rejection.UNAVAILABLE, points, message);
        return HttpError.unavailable(message, RETRY_AFTER);
      }
      case RuntimeException unexpected -> {
        return unexpected;
      }
      case null, default -> {
        return new IllegalStateException(cause);
      }
    }
  }
}
