// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.wire.ProtobufWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import org.xerial.snappy.Snappy;

/**
 * Log lines of a few containers, as Loki's clients push them and as they lie in files, for the
 * start-up cache to learn from: access logs, JSON, and text with stack traces.
 */
public final class TrainingLines {

  private static final int STREAMS = 24;
  private static final int REQUESTS = 180;
  private static final int LINES = 12;
  private static final long STEP_MS = 10_000;
  private static final int COLLECTED_LINES = 200_000;

  private static final String[] MESSAGES = {
    "request served", "order accepted", "cache miss", "retrying upstream call", "slow query"
  };

  private TrainingLines() {}

  public static void send(HttpClient client, String url) throws IOException, InterruptedException {
    Random random = new Random(1);
    long start = System.currentTimeMillis() - REQUESTS * STEP_MS;
    ProtobufWriter body = new ProtobufWriter();
    for (int request = 0; request < REQUESTS; request++) {
      body.clear();
      for (int stream = 0; stream < STREAMS; stream++) {
        int one = body.begin(1);
        body.text(1, "{app=\"app-" + stream % 5 + "\", pod=\"training-" + stream + "\"}");
        for (int i = 0; i < LINES; i++) {
          long timeMs = start + request * STEP_MS + i * (STEP_MS / LINES);
          int entry = body.begin(2);
          int time = body.begin(1);
          body.integer(1, timeMs / 1000);
          body.integer(2, timeMs % 1000 * 1_000_000);
          body.end(time);
          body.text(2, line(stream, timeMs, random));
          body.end(entry);
        }
        body.end(one);
      }
      client.send(
          HttpRequest.newBuilder(URI.create(url))
              .header("Content-Type", "application/x-protobuf")
              .POST(HttpRequest.BodyPublishers.ofByteArray(Snappy.compress(body.copy())))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }

  /**
   * Writes a file of such lines.
   *
   * @return a configuration by which it is collected
   */
  public static Path write(Path directory) throws IOException {
    Path file = directory.resolve("collected.log");
    Random random = new Random(2);
    long start = System.currentTimeMillis() - COLLECTED_LINES;
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (int i = 0; i < COLLECTED_LINES; i++) {
        writer.write(line(i, start + i, random));
        writer.write('\n');
      }
    }
    return Files.writeString(
        directory.resolve("training.yaml"),
        """
        collect:
          scrape_configs:
            - job_name: training
              static_configs: [{targets: [localhost], labels: {job: training, __path__: '%s'}}]
        """
            .formatted(file));
  }

  private static String line(int stream, long timeMs, Random random) {
    Instant when = Instant.ofEpochMilli(timeMs);
    int number = random.nextInt(1 << 20);
    String trace = String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong());
    String message = MESSAGES[number % MESSAGES.length];
    int status = number % 50 == 0 ? 503 : number % 9 == 0 ? 404 : 200;
    return switch (stream % 5) {
      case 0 ->
          "10.0."
              + number % 256
              + ".7 - - ["
              + when
              + "] \"GET /api/v1/orders/"
              + number
              + " HTTP/1.1\" "
              + status
              + " "
              + number % 9000
              + " \"-\" \"okhttp/4.12.0\" rt=0."
              + number % 999
              + " trace="
              + trace;
      case 1 ->
          when
              + " ERROR [worker-"
              + number % 32
              + "] com.example.Handler"
              + number % 12
              + " - "
              + message
              + " id="
              + number
              + " trace="
              + trace
              + (number % 8 == 0
                  ? "\njava.lang.IllegalStateException: upstream answered "
                      + status
                      + "\n\tat com.example.shop.Orders.place(Orders.java:"
                      + number % 900
                      + ")\n\tat java.base/java.lang.Thread.run(Thread.java:1583)"
                  : "");
      default ->
          "{\"ts\":\""
              + when
              + "\",\"level\":\""
              + (status > 500 ? "error" : number % 4 == 0 ? "debug" : "info")
              + "\",\"thread\":\"worker-"
              + number % 32
              + "\",\"msg\":\""
              + message
              + "\",\"path\":\"/api/v1/users/"
              + number
              + "/profile\",\"status\":"
              + status
              + ",\"duration_ms\":"
              + number % 5000 / 10.0
              + ",\"trace_id\":\""
              + trace
              + "\"}";
    };
  }
}
