// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends write requests one after the other. What may pass (429, 5xx, no connection) is repeated
 * with growing pauses for as long as allowed; what does not pass (other 4xx) is a problem of that
 * request only, because the receiver keeps what is good of it.
 */
final class WriteSender {

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Type",
          "application/x-protobuf",
          "Content-Encoding",
          "snappy",
          "X-Prometheus-Remote-Write-Version",
          "0.1.0");

  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 10_000;
  private static final int MAX_MESSAGE = 2000;

  private final ServerSession session;
  private final String path;
  private final Duration patience;
  private final double samplesPerSecond;
  private final Problems problems;
  private final long beganNanos = System.nanoTime();
  private long sent;

  /**
   * @param patience how long one request is repeated
   * @param samplesPerSecond 0 for as fast as it goes
   */
  WriteSender(
      ServerSession session,
      String path,
      Duration patience,
      double samplesPerSecond,
      Problems problems) {
    this.session = session;
    this.path = path;
    this.patience = patience;
    this.samplesPerSecond = samplesPerSecond;
    this.problems = problems;
  }

  long sent() {
    return sent;
  }

  /** Returns when the receiver has kept it, or refused it for good. Clears the request. */
  void send(WriteRequest request) throws InterruptedException {
    if (request.isEmpty()) {
      return;
    }
    String refused = send(request.toSnappy(), HEADERS);
    if (refused != null) {
      problems.add("refused: " + refused);
    }
    sent += request.samples();
    request.clear();
    holdRate();
  }

  /** Sends rows in whatever form; returns why some or all of them are refused for good. */
  @Nullable String send(byte[] body, Map<String, String> headers, long rows)
      throws InterruptedException {
    String refused = send(body, headers);
    sent += rows;
    holdRate();
    return refused;
  }

  private @Nullable String send(byte[] body, Map<String, String> headers)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE_MS;
    while (true) {
      String problem;
      try {
        HttpResponse<InputStream> response = session.send("POST", path, headers, body);
        String text = text(response);
        int status = response.statusCode();
        if (status / 100 == 2) {
          return null;
        }
        problem = "HTTP " + status + ": " + text;
        if (status == 401 || status == 403 || status == 404 || status == 415) {
          throw new TransferFailed(session.url() + path + " refuses writes: " + problem);
        }
        if (status / 100 == 4 && status != 429 && status != 408) {
          return text;
        }
      } catch (IOException e) {
        problem = String.valueOf(e.getMessage());
        if (e instanceof java.net.ConnectException) {
          problem = "nothing answers";
        }
      }
      if (System.nanoTime() + pause * 1_000_000 > deadline) {
        throw new TransferFailed(
            session.url()
                + path
                + " does not take writes: "
                + problem
                + " (repeated for "
                + patience.toSeconds()
                + " s)");
      }
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
  }

  private void holdRate() throws InterruptedException {
    if (samplesPerSecond > 0) {
      long due = beganNanos + (long) (sent / samplesPerSecond * 1e9);
      long wait = due - System.nanoTime();
      if (wait > 0) {
        Thread.sleep(Duration.ofNanos(wait));
      }
    }
  }

  private static String text(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      return new String(body.readNBytes(MAX_MESSAGE), StandardCharsets.UTF_8).strip();
    }
  }
}
