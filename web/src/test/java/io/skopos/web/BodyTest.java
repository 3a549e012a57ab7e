// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.skopos.model.config.ByteSize;
import io.skopos.web.access.Right;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

/** What arrives, in every encoding, and what does not get in. */
class BodyTest {

  private static final byte[] CONTENT = content(100_000);

  @Test
  void everyEncodingYieldsTheSameBytes() throws Exception {
    try (RunningServer running = crcServer(config -> config)) {
      String expected = crc(CONTENT, CONTENT.length);
      assertThat(running.post("/crc", CONTENT).body()).isEqualTo(expected);
      assertThat(encoded(running, "gzip", gzip(CONTENT)).body()).isEqualTo(expected);
      assertThat(encoded(running, "deflate", deflate(CONTENT, false)).body()).isEqualTo(expected);
      assertThat(encoded(running, "deflate", deflate(CONTENT, true)).body()).isEqualTo(expected);
      assertThat(encoded(running, "zstd", Zstd.compress(CONTENT)).body()).isEqualTo(expected);
      assertThat(encoded(running, "snappy", Snappy.compress(CONTENT)).body()).isEqualTo(expected);
      assertThat(encoded(running, "gzip, zstd", Zstd.compress(gzip(CONTENT))).body())
          .isEqualTo(expected);
      assertThat(running.post("/crc", new byte[0]).body()).isEqualTo(crc(new byte[0], 0));
    }
  }

  @Test
  void bombsAreDefusedAndNamed() throws Exception {
    byte[] zeros = new byte[16 << 20];
    try (RunningServer running = crcServer(config -> config)) {
      for (var bomb :
          List.of(
              List.of("gzip", gzip(zeros)),
              List.of("deflate", deflate(zeros, false)),
              List.of("zstd", Zstd.compress(zeros)),
              List.of("snappy", Snappy.compress(zeros)))) {
        HttpResponse<String> response =
            encoded(running, (String) bomb.get(0), (byte[]) bomb.get(1));
        assertThat(response.statusCode()).as("%s", bomb.get(0)).isEqualTo(413);
        assertThat(response.body()).contains("4MiB").contains("web.max_decompressed_size");
      }
      assertThat(running.post("/crc", CONTENT).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void malformedBodiesAreRefused() throws Exception {
    try (RunningServer running = crcServer(config -> config)) {
      byte[] noise = new byte[1000];
      new Random(1).nextBytes(noise);
      noise[0] = 0x10;
      for (String encoding : List.of("gzip", "deflate", "zstd", "snappy")) {
        for (byte[] body : List.of(noise, new byte[0], new byte[] {1})) {
          if (encoding.equals("zstd") && body.length == 0) {
            continue; // no frame at all is a valid, empty zstd stream
          }
          HttpResponse<String> response = encoded(running, encoding, body);
          assertThat(response.statusCode()).as("%s of %d", encoding, body.length).isEqualTo(400);
          assertThat(response.body()).contains("the body is not valid " + encoding);
        }
      }
      byte[] half = Arrays.copyOf(gzip(CONTENT), 5000);
      assertThat(encoded(running, "gzip", half).body()).contains("ends early");
      // Claims 3 MiB, below the limit, in six bytes: refused before anything is allocated.
      byte[] liar = {(byte) 0x80, (byte) 0x80, (byte) 0xc0, 0x01, 0, 0};
      assertThat(encoded(running, "snappy", liar).body()).contains("more than 6 can hold");
      assertThat(encoded(running, "br", noise).statusCode()).isEqualTo(415);
    }
  }

  @Test
  void largeBodiesAreRefusedWithOrWithoutALength() throws Exception {
    try (RunningServer running = crcServer(config -> config)) {
      HttpResponse<String> announced = running.post("/crc", new byte[(1 << 20) + 1]);
      assertThat(announced.statusCode()).isEqualTo(413);
      assertThat(announced.body()).contains("1MiB").contains("web.max_body_size");

      try (Socket socket = running.socket()) {
        RunningServer.write(
            socket, "POST /crc HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        String piece = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        for (int i = 0; i < 20; i++) {
          RunningServer.write(socket, piece);
        }
        assertThat(RunningServer.readHead(socket)).startsWith("HTTP/1.1 413");
      }
      assertThat(running.post("/crc", CONTENT).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aBodyThatNeverComesTimesOut() throws Exception {
    try (RunningServer running =
            crcServer(config -> {
              config.bodyTimeout = Duration.ofMillis(200);
              return config;
            });
        Socket socket = running.socket()) {
      RunningServer.write(
          socket, "POST /crc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
      assertThat(RunningServer.readHead(socket)).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void memoryForBodiesIsBoundedAndGivenBack() throws Exception {
    try (RunningServer running =
        crcServer(config -> {
          config.maxBodyMemory = new ByteSize(300_000);
          return config;
        })) {
      for (int i = 0; i < 20; i++) {
        assertThat(running.post("/crc", CONTENT).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = running.post("/crc", content(400_000));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("web.max_body_memory");
        assertThat(encoded(running, "snappy", new byte[] {1}).statusCode()).isEqualTo(400);
        assertThat(encoded(running, "gzip", gzip(new byte[3_000_000])).statusCode()).isEqualTo(503);
      }
    }
  }

  private static RunningServer crcServer(UnaryOperator<TestConfig> change) throws Exception {
    return new RunningServer(
        change,
        routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .post(
                    "/crc",
                    request -> {
                      Body body = request.body();
                      return Response.text(200, crc(body.bytes(), body.length()));
                    }));
  }

  private static HttpResponse<String> encoded(RunningServer running, String encoding, byte[] body)
      throws Exception {
    return running.post("/crc", body, "Content-Encoding", encoding);
  }

  private static String crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return length + ":" + crc.getValue();
  }

  private static byte[] content(int length) {
    StringBuilder text = new StringBuilder();
    Random random = new Random(42);
    while (text.length() < length) {
      text.append("http_requests_total{code=\"").append(random.nextInt(1000)).append("\"} 1\n");
    }
    return text.substring(0, length).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] content) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] deflate(byte[] content, boolean raw) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream deflate =
        new DeflaterOutputStream(bytes, new Deflater(Deflater.DEFAULT_COMPRESSION, raw))) {
      deflate.write(content);
    }
    return bytes.toByteArray();
  }
}
