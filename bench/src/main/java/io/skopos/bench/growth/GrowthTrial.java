// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.bench.growth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.xerial.snappy.Snappy;

/**
 * Sends simulated hours to a running server and prints a line for each stretch of them: CPU per
 * sample, memory, disk.
 *
 * <pre>
 * GrowthTrial --url http://127.0.0.1:4900 --pid PID --data DIR [--series 100000 --hours 1 --step 60
 *     --churn 0 --flush-hours 2 --report-hours 2]
 * </pre>
 *
 * <p>Time is simulated, so the server's own two hours between flushes never pass: a flush is asked
 * for instead, every {@code --flush-hours} (0: never).
 */
public final class GrowthTrial {

  private static final int SAMPLES_PER_REQUEST = 2000;
  private static final int HOUR_SECONDS = 3600;

  private final Map<String, String> options;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ServerProcess server;
  private final String url;
  private ByteBuffer body = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

  private GrowthTrial(Map<String, String> options) {
    this.options = options;
    this.url = options.getOrDefault("url", "http://127.0.0.1:4900");
    this.server =
        new ServerProcess(
            Long.parseLong(options.get("pid")), Path.of(options.getOrDefault("data", "data")));
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    if (!options.containsKey("pid")) {
      System.err.println("needs at least --url, --pid and --data of a running server");
      System.exit(2);
    }
    new GrowthTrial(options).run();
  }

  private void run() throws IOException, InterruptedException {
    int hours = (int) number("hours", 1);
    int step = (int) number("step", 60);
    int flushHours = (int) number("flush-hours", 2);
    int reportHours = (int) number("report-hours", 2);
    ChurningPods pods = new ChurningPods((int) number("series", 100_000), number("churn", 0));
    long firstMs =
        Math.floorDiv(System.currentTimeMillis(), HOUR_SECONDS * 1000L) * HOUR_SECONDS * 1000L
            - hours * HOUR_SECONDS * 1000L;
    System.out.printf(
        Locale.ROOT,
        "%5s %10s %10s %12s %14s %9s %12s %10s %14s%n",
        "hour",
        "series",
        "ever",
        "samples",
        "CPU s per 1M",
        "RSS MiB",
        "B per series",
        "disk MiB",
        "B per sample");
    double startRss = server.mebibytes("VmRSS");
    double cpu = server.cpuSeconds();
    long ever = pods.series();
    long sent = 0;
    long sentBefore = 0;
    for (int hour = 0; hour < hours; hour++) {
      if (hour > 0) {
        ever += pods.nextHour(hour);
      }
      for (int second = 0; second < HOUR_SECONDS; second += step) {
        long tick = ((long) hour * HOUR_SECONDS + second) / step;
        send(pods, firstMs + ((long) hour * HOUR_SECONDS + second) * 1000, tick);
        sent += pods.series();
      }
      if (flushHours > 0 && (hour + 1) % flushHours == 0) {
        post("/-/flush", HttpRequest.BodyPublishers.noBody());
      }
      if ((hour + 1) % reportHours == 0 || hour + 1 == hours) {
        double now = server.cpuSeconds();
        double rss = server.mebibytes("VmRSS");
        long disk = server.diskBytes();
        System.out.printf(
            Locale.ROOT,
            "%5d %,10d %,10d %,12d %14.3f %9.0f %,12.0f %,10.0f %14.2f%n",
            hour + 1,
            pods.series(),
            ever,
            sent,
            (now - cpu) / (sent - sentBefore) * 1e6,
            rss,
            (rss - startRss) * 1048576 / pods.series(),
            disk / 1048576.0,
            disk / (double) sent);
        cpu = now;
        sentBefore = sent;
      }
    }
    System.out.printf(Locale.ROOT, "peak RSS %.0f MiB%n", server.mebibytes("VmHWM"));
  }

  private void send(ChurningPods pods, long timeMs, long tick)
      throws IOException, InterruptedException {
    for (int first = 0; first < pods.series(); first += SAMPLES_PER_REQUEST) {
      body.clear();
      int end = Math.min(pods.series(), first + SAMPLES_PER_REQUEST);
      for (int series = first; series < end; series++) {
        series(pods.labels(series), timeMs, pods.value(series, tick));
      }
      byte[] compressed = Snappy.compress(Arrays.copyOf(body.array(), body.position()));
      post("/api/v1/write", HttpRequest.BodyPublishers.ofByteArray(compressed));
    }
  }

  /** A {@code TimeSeries} of one sample: its labels, its value, its time. */
  private void series(byte[] labels, long timeMs, double value) {
    int timeBytes = varintBytes(timeMs);
    int sample = 1 + 8 + 1 + timeBytes;
    int length = labels.length + 2 + sample;
    if (body.remaining() < length + 16) {
      body =
          ByteBuffer.allocate(body.capacity() * 2).order(ByteOrder.LITTLE_ENDIAN).put(body.flip());
    }
    body.put((byte) 0x0a);
    varint(length);
    body.put(labels).put((byte) 0x12).put((byte) sample);
    body.put((byte) 0x09).putDouble(value).put((byte) 0x10);
    varint(timeMs);
  }

  private void varint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      body.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    body.put((byte) rest);
  }

  private static int varintBytes(long value) {
    return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
  }

  private void post(String path, HttpRequest.BodyPublisher content)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).POST(content).build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(path + " was answered " + answer.statusCode() + ": " + answer.body());
    }
  }

  private double number(String option, double otherwise) {
    String text = options.get(option);
    return text == null ? otherwise : Double.parseDouble(text);
  }
}
