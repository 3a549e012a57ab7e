// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Log lines of a few streams, plain, JSON and logfmt, some with structured metadata, most in order
 * and some of days ago; and streams that are deleted and written again.
 */
final class LogLoad implements CrashLoad {

  /** More are not listed by one question. */
  private static final int MAX_LINES = 4_900;

  private static final int STREAMS = 3;
  private static final int STEPS_PER_DELETION = 10;

  private final long startMs;
  private final RandomGenerator random;

  /** Lines of each stream, known to be durable. */
  private int acknowledged;

  private int attempted;
  private int steps;

  /** Streams that were written, deleted, and written again. */
  private int deleted;

  LogLoad(long startMs, RandomGenerator random) {
    this.startMs = startMs;
    this.random = random;
  }

  long linesAcknowledged() {
    return (long) acknowledged * STREAMS;
  }

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    if (++steps % STEPS_PER_DELETION == 0) {
      deletion(api);
      return;
    }
    if (acknowledged >= MAX_LINES) {
      TimeUnit.MILLISECONDS.sleep(50);
      return;
    }
    // What was in flight when a server was killed is sent again.
    int first = acknowledged;
    int count = Math.min(1 + random.nextInt(30), MAX_LINES - first);
    StringBuilder body = new StringBuilder("{\"streams\":[");
    for (int stream = 0; stream < STREAMS; stream++) {
      body.append(stream == 0 ? "" : ",").append("{\"stream\":{\"crash\":\"logs\",\"stream\":\"");
      body.append(stream).append("\"},\"values\":[");
      for (int n = first; n < first + count; n++) {
        body.append(n == first ? "" : ",").append("[\"").append(timeNs(n)).append("\",\"");
        body.append(line(stream, n).replace("\"", "\\\"")).append('"');
        body.append(n % 5 == 0 ? ",{\"trace_id\":\"" + n + "\"}" : "").append(']');
      }
      body.append("]}");
    }
    attempted = Math.max(attempted, first + count);
    if (push(api, body.append("]}"))) {
      acknowledged = first + count;
    }
  }

  private void deletion(PrometheusApi api) throws IOException, InterruptedException {
    if (!push(api, doomed(1))) {
      return;
    }
    PrometheusApi.Answer answer =
        api.post(
            "/loki/api/v1/delete?query=%7Bdoomed%3D%22"
                + deleted
                + "%22%7D&start="
                + (startMs / 1000 - 86_400)
                + "&end="
                + (startMs / 1000 + 86_400),
            "application/x-www-form-urlencoded",
            new byte[0]);
    // Repeated from the beginning when refused: another deletion does no harm.
    if (Acknowledged.by(answer) && push(api, doomed(2))) {
      deleted++;
    }
  }

  private StringBuilder doomed(int version) {
    return new StringBuilder("{\"streams\":[{\"stream\":{\"doomed\":\"")
        .append(deleted)
        .append("\"},\"values\":[[\"")
        .append(startMs + deleted)
        .append("000000\",\"version ")
        .append(version)
        .append("\"]]}]}");
  }

  private static boolean push(PrometheusApi api, StringBuilder body)
      throws IOException, InterruptedException {
    return Acknowledged.by(
        api.post(
            "/loki/api/v1/push",
            "application/json",
            body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** Every seventh is of up to nine days before. */
  private long timeNs(int n) {
    long days = n % 7 == 0 ? 1 + n / 7 % 9 : 0;
    return (startMs - days * 86_400_000L + n * 1_000L) * 1_000_000L + n;
  }

  private static String line(int stream, int n) {
    return switch (stream) {
      case 0 -> "request " + n + " from 10.0." + n % 256 + ".1 took " + n * 3 + "ms";
      case 1 -> "{\"n\":" + n + ",\"level\":\"" + (n % 3 == 0 ? "error" : "info") + "\",\"d\":0.5}";
      default -> "n=" + n + " level=info id=" + Integer.toHexString(n * 0x9e3779b1);
    };
  }

  @Override
  public List<String> verify(PrometheusApi api) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    for (int stream = 0; stream < STREAMS; stream++) {
      String selector = "{crash=\"logs\",stream=\"" + stream + "\"}";
      TreeSet<String> expected = new TreeSet<>();
      TreeSet<String> allowed = new TreeSet<>();
      for (int n = 0; n < attempted; n++) {
        String entry = timeNs(n) + " " + line(stream, n);
        (n < acknowledged ? expected : allowed).add(entry);
      }
      for (String entry : entries(api, selector, faults)) {
        if (!expected.remove(entry) && !allowed.remove(entry)) {
          faults.add("line that was never written, or twice: " + entry);
        }
      }
      expected.forEach(entry -> faults.add("acknowledged line is lost: " + entry));
    }
    List<String> doomed = entries(api, "{doomed=~\".+\"}", faults);
    for (int n = 0; n < deleted; n++) {
      if (!doomed.contains(startMs + n + "000000 version 2")) {
        faults.add("line written again after a deletion is lost: " + n);
      }
      if (doomed.contains(startMs + n + "000000 version 1")) {
        faults.add("deleted line came back: " + n);
      }
    }
    return faults;
  }

  private List<String> entries(PrometheusApi api, String selector, List<String> faults)
      throws IOException, InterruptedException {
    PrometheusApi.Answer answer =
        api.get(
            "/loki/api/v1/query_range",
            "query",
            selector,
            "start",
            String.valueOf(startMs / 1000 - 10 * 86_400),
            "end",
            String.valueOf(startMs / 1000 + 86_400),
            "direction",
            "forward",
            "limit",
            "5000");
    if (answer.status() != 200) {
      faults.add(selector + " is answered " + answer.status() + ": " + answer.body());
      return List.of();
    }
    List<String> entries = new ArrayList<>();
    if (PrometheusApi.parse(answer.body()) instanceof Map<?, ?> whole
        && whole.get("data") instanceof Map<?, ?> data
        && data.get("result") instanceof List<?> streams) {
      for (Object stream : streams) {
        if (stream instanceof Map<?, ?> one && one.get("values") instanceof List<?> values) {
          for (Object value : values) {
            List<?> pair = (List<?>) value;
            entries.add(pair.get(0) + " " + pair.get(1));
          }
        }
      }
    } else {
      faults.add(selector + " has no result: " + answer.body());
    }
    return entries;
  }
}
