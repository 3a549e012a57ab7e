// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.web.access.Right;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Answers of all sizes and clients of all speeds. */
class AnswerTest {

  @Test
  void largeAnswersAreStreamedAndCompressed() throws Exception {
    try (RunningServer running = new RunningServer(AnswerTest::numbers)) {
      String plain = running.get("/numbers?n=200000").body();
      assertThat(plain).startsWith("[0,1,2,").endsWith(",199999]").hasSizeGreaterThan(1_000_000);
      HttpResponse<byte[]> zipped =
          running.client.send(
              running.request("/numbers?n=200000").header("Accept-Encoding", "br, gzip").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(zipped.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(zipped.body()).hasSizeLessThan(plain.length() / 2);
      byte[] unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes();
      assertThat(new String(unzipped, StandardCharsets.UTF_8)).isEqualTo(plain);

      HttpResponse<byte[]> small =
          running.client.send(
              running.request("/numbers?n=3").header("Accept-Encoding", "gzip").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(new String(small.body(), StandardCharsets.UTF_8)).isEqualTo("[0,1,2]");
      assertThat(small.headers().firstValue("Content-Length")).hasValue("7");
      assertThat(running.get("/numbers?n=9999", "Accept-Encoding", "gzip;q=0").headers().map())
          .doesNotContainKey("content-encoding");
    }
  }

  @Test
  void aSlowReaderHoldsTheWriterBackAndIsDroppedWhenItStalls() throws Exception {
    AtomicLong written = new AtomicLong();
    BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    try (RunningServer running =
            new RunningServer(
                config -> {
                  config.stallTimeout = Duration.ofMillis(500);
                  return config;
                },
                routes ->
                    routes
                        .family(ErrorShape.PLAIN_TEXT, Right.READ)
                        .get(
                            "/endless",
                            _ ->
                                Response.stream(
                                    200,
                                    "text/plain",
                                    out -> {
                                      try {
                                        byte[] piece = new byte[64 * 1024];
                                        while (written.get() < 1L << 30) {
                                          out.write(piece);
                                          written.addAndGet(piece.length);
                                        }
                                      } catch (IOException | RuntimeException e) {
                                        failures.add(e);
                                        throw e;
                                      }
                                    })));
        Socket socket = running.socket()) {
      socket.setReceiveBufferSize(8 * 1024);
      RunningServer.write(socket, "GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(failures.poll(20, TimeUnit.SECONDS))
          .hasMessageContaining("took nothing of its answer for 500ms");
      assertThat(written.get()).isLessThan(64 << 20);
      assertThat(running.get("/-/healthy").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aFailureAfterTheFirstPieceBreaksTheAnswerOff() throws Exception {
    try (RunningServer running =
        new RunningServer(routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .get(
                    "/late",
                    request ->
                        Response.stream(
                            200,
                            "text/plain",
                            out -> {
                              out.write(
                                  new byte[Integer.parseInt(request.parameters().getOrEmpty("n"))]);
                              throw new IllegalStateException("late");
                            })))) {
      assertThat(running.get("/late?n=10").statusCode()).isEqualTo(500);
      try (Socket socket = running.socket()) {
        RunningServer.write(socket, "GET /late?n=1000000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(RunningServer.readHead(socket)).startsWith("HTTP/1.1 200");
        byte[] rest = socket.getInputStream().readAllBytes();
        assertThat(new String(rest, StandardCharsets.ISO_8859_1)).doesNotEndWith("0\r\n\r\n");
      }
    }
  }

  private static void numbers(Routes routes) {
    routes
        .family(ErrorShape.PLAIN_TEXT, Right.READ)
        .get(
            "/numbers",
            request -> {
              int n = Integer.parseInt(request.parameters().getOrEmpty("n"));
              return Response.json(
                  200,
                  json -> {
                    json.writeStartArray();
                    for (int i = 0; i < n; i++) {
                      json.writeNumber(i);
                    }
                    json.writeEndArray();
                  });
            });
  }
}
