// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.process.ChildProcess;
import io.skopos.testkit.process.FreePort;
import io.skopos.testkit.process.Peer;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.PrometheusApi.Answer;
import io.skopos.testkit.process.RemoteWriteRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same samples go by remote write to a real Prometheus and to us, and both are asked the same.
 * Answers must be equal, statuses and error texts included. Texts change between versions of
 * Prometheus, so one older than 3.5 is only asked for what has not changed since 2.42.
 */
class DifferentialTest {

  private static final long T = 1_767_322_800L;

  private static final String[][] SINCE_2_42 = {
    {"query", "query", "up", "time", "" + (T + 60)},
    {"query", "query", "sum by (job) (up)", "time", T + 60 + ".5"},
    {"query", "query", "requests_total", "time", "2026-01-02T03:01:00Z"},
    {"query", "query", "odd", "time", "" + (T + 60)},
    {"query", "query", "\"text\"", "time", "" + T},
    {"query", "query", "1 / 3", "time", "" + T},
    {"query", "query", "1e300 * 10", "time", "" + T},
    {"query", "query", "-1 / 0", "time", "" + T},
    {"query", "query", "nothing", "time", "" + T},
    {"query", "query", "up", "timeout", "x"},
    {"query", "query", "{__name__=~\"up|odd\"} + on(nope) nope", "time", "" + (T + 60)},
    {"query_range", "query", "up", "start", "" + T, "end", "" + (T + 60), "step", "15s"},
    {"query_range", "query", "odd * 2", "start", "" + T, "end", "" + (T + 120), "step", "7.5"},
    {"query_range", "query", "up", "start", "0", "end", "100000", "step", "1"},
    {"query_range", "query", "up", "start", "0", "end", "1", "step", "0"},
    {"query_range", "query", "up", "start", "2", "end", "1", "step", "1"},
    {"query_range", "query", "up", "end", "1", "step", "1"},
    {"query_range", "query", "up", "start", "0", "end", "1", "step", "x"},
    {"series"},
    {"series", "match[]", "up"},
    {"series", "match[]", "up{job=\"a\"}", "match[]", "odd"},
    {"series", "match[]", "up", "end", "1000"},
    {"series", "match[]", "{}"},
    {"labels"},
    {"labels", "match[]", "odd"},
    {"labels", "start", "10", "end", "5"},
    {"label/job/values"},
    {"label/job/values", "match[]", "up{job!=\"a\"}"},
    {"label/none/values"},
    {"metadata"},
    {"metadata", "limit", "x"},
    {"format_query", "query", "sum(up)by(job)"},
    {"rules"},
    {"rules", "type", "x"},
    {"alerts"},
    {"alertmanagers"},
    {"nope"},
  };

  private static final String[][] SINCE_3_5 = {
    {"query", "query", "requests_total[1m]", "time", "" + (T + 60)},
    {"query", "query", "up", "time", "x"},
    {"query_range", "query", "up[5m]", "start", "0", "end", "1", "step", "1"},
    {"series", "match[]", "up", "start", "x"},
    {"targets"},
    {"query"},
    {"query", "query", "1+"},
    {"query", "query", "up", "time", "" + (T + 60), "limit", "1"},
    {"query", "query", "up", "limit", "-1"},
    {"query", "query", "up", "limit", "x"},
    {"query", "query", "up", "lookback_delta", "x"},
    {"query", "query", "odd", "time", "" + (T + 400), "lookback_delta", "1h"},
    {"query", "query", "rate(up[1m])", "time", "" + (T + 60)},
    {"query", "query", "quantile(2, up)", "time", "" + (T + 60)},
    {"query", "query", "up on up"},
    {"query", "query", "up{a=~\"(\"}"},
    {"series", "match[]", "up", "limit", "1"},
    {"series", "match[]", "up{"},
    {"series", "match[]", "up", "limit", "-1"},
    {"labels", "limit", "2"},
    {"labels", "match[]", "{"},
    {"label/job/values", "limit", "1"},
    {"label/U__job/values"},
    {"label/a-b/values"},
    {"metadata", "limit_per_metric", "x"},
    {"format_query", "query", "sum("},
    {
      "format_query",
      "query",
      "sum by (job) (rate(requests_total{code=~\"5..\"}[5m])) / on(job)"
          + " group_left() sum by (job) (rate(requests_total[5m])) > bool 0.01"
    },
    {"parse_query", "query", "sum(up)by(job)"},
    {"parse_query", "query", "rate(up{a=\"b\"}[5m] offset 1m) > bool 2"},
    {"parse_query", "query", "up * on(job) group_left(x) up @ end()"},
    {"parse_query", "query", "max_over_time(up[1h:5m] @ 10 offset -1m)"},
    {"parse_query", "query", "topk(3, -up) and \"x\" == 1"},
    {"status/tsdb", "limit", "0"},
    {"scrape_pools"},
  };

  private static final Set<String> NEWER_KEYS = Set.of("anchored", "smoothed", "fillValues");

  @TempDir Path directory;

  @Test
  void answersAsDebiansPrometheusDoes() throws Exception {
    compare(Peer.require("prometheus"), List.of(SINCE_2_42));
  }

  @Test
  void answersAsAPrometheus3Does() throws Exception {
    Path newer = Path.of(System.getProperty("user.home"), ".cache/bench-peers/usr/bin/prometheus");
    if (!Files.isExecutable(newer)) {
      System.out.println("skipped: no Prometheus 3.5 in " + newer);
      Assumptions.abort("no Prometheus 3.5");
    }
    List<String[]> all = new ArrayList<>(List.of(SINCE_2_42));
    all.addAll(List.of(SINCE_3_5));
    compare(newer, all);
  }

  private void compare(Path program, List<String[]> questions) throws Exception {
    int port = FreePort.find();
    Path config = Files.writeString(directory.resolve("prometheus.yml"), "global: {}\n");
    try (ChildProcess process =
            ChildProcess.start(
                directory,
                directory.resolve("output"),
                List.of(
                    program.toString(),
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + directory.resolve("data"),
                    "--storage.tsdb.retention.time=100y",
                    "--web.enable-remote-write-receiver",
                    "--web.listen-address=127.0.0.1:" + port));
        ApiServer server = new ApiServer()) {
      PrometheusApi peer = new PrometheusApi("http://127.0.0.1:" + port, null);
      PrometheusApi ours = new PrometheusApi(server.url(), null);
      process.await(() -> isReady(peer), Duration.ofSeconds(30));
      assertThat(peer.write(samples()).status()).isIn(200, 204);
      assertThat(ours.write(samples()).status()).isEqualTo(204);
      List<String> differences = new ArrayList<>();
      for (String[] question : questions) {
        String[] parameters = List.of(question).subList(1, question.length).toArray(String[]::new);
        Answer expected = peer.get("/api/v1/" + question[0], parameters);
        Answer actual = ours.get("/api/v1/" + question[0], parameters);
        if (expected.status() != actual.status() || !same(expected.body(), actual.body())) {
          differences.add(String.join(" ", question) + "\n  " + expected + "\n  " + actual);
        }
      }
      assertThat(differences).as("asked, Prometheus, ours").isEmpty();
    }
  }

  private static boolean isReady(PrometheusApi peer) {
    try {
      return peer.get("/-/ready").status() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean same(String expected, String actual) throws IOException {
    if (!expected.startsWith("{")) {
      return expected.equals(actual);
    }
    return withoutNewer(PrometheusApi.parse(expected))
        .equals(withoutNewer(PrometheusApi.parse(actual)));
  }

  /** Without what {@code parse_query} tells since Prometheus 3.7. */
  private static Object withoutNewer(Object json) {
    return switch (json) {
      case Map<?, ?> map -> {
        Map<Object, Object> kept = new TreeMap<>();
        map.forEach((key, value) -> {
          if (!NEWER_KEYS.contains(key)) {
            kept.put(key, withoutNewer(value));
          }
        });
        yield kept;
      }
      case List<?> list -> list.stream().map(DifferentialTest::withoutNewer).toList();
      default -> json;
    };
  }

  private static RemoteWriteRequest samples() {
    long[] times = new long[9];
    double[] rising = new double[9];
    double[] wild = new double[9];
    double[] values = {
      0.1, -0.0, 1e-9, 123456789012345678.0, Double.POSITIVE_INFINITY, 5e-324, 1e22, 0.30000001, 7
    };
    for (int i = 0; i < times.length; i++) {
      times[i] = (T + i * 15) * 1000;
      rising[i] = i * 10;
      wild[i] = values[i];
    }
    return new RemoteWriteRequest()
        .series(Map.of("__name__", "odd", "text", "a\"b\\c\nd\te<&>ü€😀"), times, wild)
        .series(Map.of("__name__", "requests_total", "code", "200", "job", "a"), times, rising)
        .series(Map.of("__name__", "up", "instance", "x:1", "job", "a"), times, rising)
        .series(Map.of("__name__", "up", "instance", "y:1", "job", "b"), times, rising);
  }
}
