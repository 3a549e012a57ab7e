// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.HttpError;
import io.skopos.web.Response;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Answers in the content type of their request, as the specification wants them. */
enum OtlpReply {
  PROTOBUF("application/x-protobuf"),
  JSON("application/json");

  /** Of a message to a sender; what is longer helps nobody. */
  private static final int MAX_MESSAGE_CHARS = 4000;

  private final String contentType;

  OtlpReply(String contentType) {
    this.contentType = contentType;
  }

  /** 200, with a partial_success when something was rejected. */
  Response success(OtlpReport report) {
    if (this == PROTOBUF) {
      return Response.bytes(200, contentType, message(report));
    }
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          if (report.rejectedPoints() > 0) {
            json.writeObjectFieldStart("partialSuccess");
            json.writeStringField(report.what().rejected(), Long.toString(report.rejectedPoints()));
            json.writeStringField("errorMessage", cut(report.message()));
            json.writeEndObject();
          }
          json.writeEndObject();
        });
  }

  /** A {@code google.rpc.Status}. */
  Response failure(HttpError error) {
    int code = code(error.status());
    String message = cut(String.valueOf(error.getMessage()));
    Response response =
        this == PROTOBUF
            ? Response.bytes(error.status(), contentType, status(code, message))
            : Response.json(
                error.status(),
                json -> {
                  json.writeStartObject();
                  json.writeNumberField("code", code);
                  json.writeStringField("message", message);
                  json.writeEndObject();
                });
    return error.onto(response);
  }

  /** An {@code Export…ServiceResponse}, whose fields are alike; empty when all was taken. */
  static byte[] message(OtlpReport report) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (report.rejectedPoints() > 0) {
      ByteArrayOutputStream partial = new ByteArrayOutputStream();
      partial.write(1 << 3);
      varint(partial, report.rejectedPoints());
      text(partial, 2, cut(report.message()));
      out.write(1 << 3 | 2);
      varint(out, partial.size());
      out.writeBytes(partial.toByteArray());
    }
    return out.toByteArray();
  }

  private static byte[] status(int code, String message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1 << 3);
    varint(out, code);
    text(out, 2, message);
    return out.toByteArray();
  }

  private static int code(int status) {
    return switch (status) {
      case 400, 415 -> 3;
      case 413, 429 -> 8;
      case 503 -> 14;
      default -> 2;
    };
  }

  private static String cut(String text) {
    return text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "…";
  }

  private static void text(ByteArrayOutputStream out, int number, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
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
