// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.MalformedMessage;
import io.skopos.model.TenantId;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * OTLP metrics over HTTP (protobuf or JSON, also compressed) and over gRPC. Everything that can be
 * refused is refused before the append; the answer counts the points that were. Thread-safe.
 */
public final class OtlpEndpoint {

  static final String PROTOCOL = "otlp";

  private static final String GRPC_PATH =
      "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

  /** More requests than this at a time make their own buffers, which are then dropped. */
  private static final int MAX_KEPT_DECODERS = 32;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Intake intake;
  private final InstantSource clock;
  private final Receipts receipts;
  private volatile Decoders decoders = new Decoders(OtlpSettings.DEFAULT);

  /** Decoders of one configuration, reused from request to request. */
  private record Decoders(OtlpSettings settings, ArrayBlockingQueue<MetricsRequestDecoder> spare) {

    private Decoders(OtlpSettings settings) {
      this(settings, new ArrayBlockingQueue<>(MAX_KEPT_DECODERS));
    }

    private MetricsRequestDecoder take() {
      MetricsRequestDecoder kept = spare.poll();
      return kept == null ? new MetricsRequestDecoder(settings) : kept;
    }

    private void giveBack(MetricsRequestDecoder decoder) {
      decoder.batch().clear();
      // False when there are enough: this one is garbage then.
      boolean unused = spare.offer(decoder);
    }
  }

  public OtlpEndpoint(Intake intake, Receipts receipts, InstantSource clock) {
    this.intake = intake;
    this.receipts = receipts;
    this.clock = clock;
  }

  /** What requests from now on are read with. */
  public void apply(OtlpSettings settings) {
    if (!settings.equals(decoders.settings())) {
      decoders = new Decoders(settings);
    }
  }

  public void register(Routes routes) {
    routes
        .family(ErrorShape.PLAIN_TEXT, Right.WRITE)
        .post("/v1/metrics", this::export)
        .post("/api/v1/otlp/v1/metrics", this::export);
    routes
        .family(new GrpcErrors(), Right.WRITE)
        .post(
            GRPC_PATH,
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
        JsonToProtobuf.Protobuf message = JsonToProtobuf.convert(bytes, length, JsonSchema.REQUEST);
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
    receipts.rejected(tenant, PROTOCOL, Rejection.MALFORMED, 1, message);
    return HttpError.badData(message);
  }

  private OtlpReport receive(TenantId tenant, byte[] message, int length) {
    Decoders current = decoders;
    MetricsRequestDecoder decoder = current.take();
    OtlpReport report;
    try {
      report = decoder.decode(message, length, clock.millis());
    } catch (MalformedMessage e) {
      current.giveBack(decoder);
      throw malformed(tenant, e);
    }
    if (decoder.batch().rows() > 0) {
      append(tenant, decoder, report);
    }
    // Only after a completed append: otherwise the batch may still be in use.
    current.giveBack(decoder);
    receipts.accepted(tenant, PROTOCOL, report.points());
    report
        .rejectedByKind()
        .forEach((kind, count) ->
            receipts.rejected(tenant, PROTOCOL, kind, count, report.firstReason(kind)));
    return report;
  }

  private void append(TenantId tenant, MetricsRequestDecoder decoder, OtlpReport report) {
    try {
      intake.append(tenant, decoder.batch()).get();
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
        receipts.rejected(tenant, PROTOCOL, Rejection.LIMIT, points, message);
        HttpError error = new HttpError(refused.httpStatus(), "bad_data", message);
        if (refused.httpStatus() != 429) {
          return error;
        }
        long seconds = Math.max(1, refused.retryAfter().toSeconds());
        return error.header("Retry-After", Long.toString(seconds));
      }
      case WriteUnavailable unavailable -> {
        String message = String.valueOf(unavailable.getMessage());
        receipts.rejected(tenant, PROTOCOL, Rejection.UNAVAILABLE, points, message);
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
