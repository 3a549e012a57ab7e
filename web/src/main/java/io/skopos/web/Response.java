// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a handler answers. The body is written after the handler has returned, on the same thread,
 * and waits while the client reads slowly; small bodies are sent whole with their length, large
 * ones in chunks, compressed when the client accepts gzip.
 */
public final class Response {

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().disable(StreamWriteFeature.AUTO_CLOSE_CONTENT).build();

  private final int status;
  private final Map<String, String> headers;
  private final Map<String, String> trailers;
  private final BodyWriter body;
  private final long mostBytes;

  /** Writes a body piece by piece; an {@link IOException} from {@code out} means nobody listens. */
  @FunctionalInterface
  public interface BodyWriter {
    void write(OutputStream out) throws IOException;
  }

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface JsonWriter {
    void write(JsonGenerator json) throws IOException;
  }

  private Response(
      int status, Map<String, String> headers, Map<String, String> trailers, BodyWriter body) {
    this(status, headers, trailers, body, Long.MAX_VALUE);
  }

  private Response(
      int status,
      Map<String, String> headers,
      Map<String, String> trailers,
      BodyWriter body,
      long mostBytes) {
    this.mostBytes = mostBytes;
    this.status = status;
    this.headers = headers;
    this.trailers = trailers;
    this.body = body;
  }

  public static Response empty(int status) {
    return new Response(status, Map.of(), Map.of(), _ -> {});
  }

  public static Response text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  public static Response bytes(int status, String contentType, byte[] body) {
    return stream(status, contentType, out -> out.write(body)).ofAtMost(body.length);
  }

  public static Response stream(int status, String contentType, BodyWriter body) {
    return new Response(status, Map.of("Content-Type", contentType), Map.of(), body);
  }

  public static Response json(int status, JsonWriter body) {
    return stream(
        status,
        "application/json",
        out -> {
          // Closed only on success: half an answer must not be completed by closing brackets.
          JsonGenerator json = JSON.createGenerator(out);
          body.write(json);
          json.close();
        });
  }

  /** This response with one more header; a header set before is replaced. */
  public Response header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, trailers, body, mostBytes);
  }

  /** This response with one more header behind its body, which then must be small. */
  Response trailer(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(trailers);
    more.put(name, value);
    return new Response(status, headers, more, body, mostBytes);
  }

  /** This response, with a bound of its body's length that is known before it is written. */
  public Response ofAtMost(long bytes) {
    return new Response(status, headers, trailers, body, bytes);
  }

  /** The greatest long when that is not known. */
  long mostBytes() {
    return mostBytes;
  }

  /** This response with {@code check} before each piece of its body; what it throws ends it. */
  public Response checkedBy(Runnable check) {
    return new Response(
        status,
        headers,
        trailers,
        out ->
            body.write(
                new FilterOutputStream(out) {
                  @Override
                  public void write(byte[] bytes, int offset, int length) throws IOException {
                    check.run();
                    out.write(bytes, offset, length);
                  }
                }),
        mostBytes);
  }

  public int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  Map<String, String> trailers() {
    return trailers;
  }

  BodyWriter body() {
    return body;
  }
}
