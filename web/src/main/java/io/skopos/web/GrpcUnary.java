// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A gRPC call of one message for one message, on the routes that serve everything else, so that
 * access, tenants, bounds and draining are the same. Register it with POST under {@code
 * /package.Service/Method}, in a family whose errors have {@link GrpcErrors}.
 *
 * <p>The framing is a flag byte, a length of four bytes and the message (github.com/grpc/grpc,
 * doc/PROTOCOL-HTTP2.md); the status comes as a trailer.
 */
public final class GrpcUnary implements Handler {

  static final String CONTENT_TYPE = "application/grpc";

  private static final int PREFIX_BYTES = 5;

  private final Call call;

  /** What the service does. */
  @FunctionalInterface
  public interface Call {
    /**
     * @param message valid until the call returns, up to {@code length}
     * @return the answer's message
     */
    byte[] answer(Request request, byte[] message, int length) throws Exception;
  }

  public GrpcUnary(Call call) {
    this.call = call;
  }

  @Override
  public Response handle(Request request) throws Exception {
    String type = request.header("Content-Type");
    if (type == null || !type.startsWith(CONTENT_TYPE)) {
      throw new HttpError(
          415, "bad_data", "this path takes gRPC (Content-Type application/grpc), not " + type);
    }
    Body body = request.body();
    if (body.length() < PREFIX_BYTES) {
      throw HttpError.badData("the gRPC message is cut off: " + body.length() + " bytes");
    }
    byte[] bytes = body.bytes();
    long declared =
        (bytes[1] & 0xffL) << 24
            | (bytes[2] & 0xff) << 16
            | (bytes[3] & 0xff) << 8
            | (bytes[4] & 0xff);
    int length = body.length() - PREFIX_BYTES;
    if (declared != length) {
      throw HttpError.badData(
          "the gRPC message declares " + declared + " bytes, the request has " + length);
    }
    byte[] answer;
    if (bytes[0] == 0) {
      byte[] message = Arrays.copyOfRange(bytes, PREFIX_BYTES, body.length());
      answer = call.answer(request, message, length);
    } else {
      String encoding = request.header("grpc-encoding");
      try (Body message =
          request.decompressed(bytes, PREFIX_BYTES, length, encoding == null ? "" : encoding)) {
        answer = call.answer(request, message.bytes(), message.length());
      }
    }
    return framed(answer);
  }

  private static Response framed(byte[] message) {
    byte[] frame = new byte[PREFIX_BYTES + message.length];
    for (int i = 0; i < 4; i++) {
      frame[1 + i] = (byte) (message.length >>> 24 - 8 * i);
    }
    System.arraycopy(message, 0, frame, PREFIX_BYTES, message.length);
    return Response.bytes(200, CONTENT_TYPE + "+proto", frame).trailer("grpc-status", "0");
  }

  /** As the protocol wants a status' message: printable ASCII, the rest percent-encoded. */
  static String percentEncoded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0x20 && b < 0x7f && b != '%') {
        out.append((char) b);
      } else {
        out.append(String.format("%%%02X", b & 0xff));
      }
    }
    return out.toString();
  }
}
