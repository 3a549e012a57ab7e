// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Errors as gRPC statuses. What may be sent again later carries a {@code google.rpc.RetryInfo}, by
 * which clients tell a passing {@code RESOURCE_EXHAUSTED} from a body that is too large.
 */
public final class GrpcErrors implements ErrorShape {

  private static final int INVALID_ARGUMENT = 3;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int PERMISSION_DENIED = 7;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int UNAUTHENTICATED = 16;

  private static final int MAX_MESSAGE_CHARS = 2000;

  @Override
  public Response render(HttpError error) {
    int code = code(error.status());
    String message = String.valueOf(error.getMessage());
    message = message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS));
    Response response =
        error
            .onto(Response.empty(200))
            .header("Content-Type", GrpcUnary.CONTENT_TYPE)
            .header("grpc-status", Integer.toString(code))
            .header("grpc-message", GrpcUnary.percentEncoded(message));
    if (error.status() == 429 || error.status() == 503) {
      byte[] details = withRetryInfo(code, message, retrySeconds(error));
      response =
          response.header(
              "grpc-status-details-bin",
              Base64.getEncoder().withoutPadding().encodeToString(details));
    }
    return response;
  }

  private static int code(int status) {
    return switch (status) {
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404, 405 -> UNIMPLEMENTED;
      case 408 -> DEADLINE_EXCEEDED;
      case 413, 429 -> RESOURCE_EXHAUSTED;
      case 503 -> UNAVAILABLE;
      default -> status < 500 ? INVALID_ARGUMENT : INTERNAL;
    };
  }

  private static long retrySeconds(HttpError error) {
    String after = error.onto(Response.empty(200)).headers().getOrDefault("Retry-After", "1");
    try {
      return Math.max(0, Long.parseLong(after));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** A {@code google.rpc.Status} whose only detail says when to try again. */
  private static byte[] withRetryInfo(int code, String message, long seconds) {
    ByteArrayOutputStream duration = new ByteArrayOutputStream();
    duration.write(1 << 3);
    varint(duration, seconds);
    ByteArrayOutputStream retryInfo = new ByteArrayOutputStream();
    field(retryInfo, 1, duration.toByteArray());
    ByteArrayOutputStream any = new ByteArrayOutputStream();
    field(any, 1, "type.googleapis.com/google.rpc.RetryInfo".getBytes(StandardCharsets.US_ASCII));
    field(any, 2, retryInfo.toByteArray());
    ByteArrayOutputStream status = new ByteArrayOutputStream();
    status.write(1 << 3);
    varint(status, code);
    field(status, 2, message.getBytes(StandardCharsets.UTF_8));
    field(status, 3, any.toByteArray());
    return status.toByteArray();
  }

  private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
    out.write(number << 3 | 2);
    varint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
