// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each round leaves behind beside samples: an event, native histograms and their exemplars,
 * which must stay, and a series that was deleted and must stay away.
 */
final class CrashMarks {

  private static final long STEP_MS = 15_000;

  private final long startMs;
  private final List<String> events = new ArrayList<>();
  private int histograms;

  CrashMarks(long startMs) {
    this.startMs = startMs - Math.floorMod(startMs, STEP_MS);
  }

  /** Returns when all of it is acknowledged; the kill comes later. */
  void leave(PrometheusApi api, int round) throws IOException, InterruptedException {
    String title = "round " + round;
    PrometheusApi.Answer event =
        api.post(
            "/api/v1/events",
            "application/json",
            ("{\"kind\":\"fault\",\"title\":\"" + title + "\"}").getBytes(StandardCharsets.UTF_8));
    assertThat(event.status()).as(event.body()).isEqualTo(200);
    events.add(title);

    for (int i = 0; i < 3; i++) {
      RemoteWriteRequest histogram = new RemoteWriteRequest();
      histogram.histogram(
          Map.of("__name__", "crash_histogram", "job", "crash"),
          startMs + histograms * STEP_MS,
          histograms + 1L,
          histograms / 8.0,
          "trace-" + histograms);
      assertThat(api.write(histogram).status()).isEqualTo(204);
      histograms++;
    }

    RemoteWriteRequest doomed = new RemoteWriteRequest();
    doomed.series(
        Map.of("__name__", "crash_doomed", "round", String.valueOf(round)),
        new long[] {startMs, startMs + 60_000L * round},
        new double[] {1, 2});
    if (round > 0) {
      assertThat(api.write(doomed).status()).isEqualTo(204);
    }
    PrometheusApi.Answer deletion =
        api.post(
            "/api/v1/admin/tsdb/delete_series",
            "application/x-www-form-urlencoded",
            "match[]=crash_doomed".replace("[]", "%5B%5D").getBytes(StandardCharsets.UTF_8));
    assertThat(deletion.status()).as(deletion.body()).isEqualTo(204);
  }

  List<String> verify(PrometheusApi api) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    double now = System.currentTimeMillis() / 1000.0;
    for (PrometheusApi.Series series : api.query("crash_doomed[3d]", now)) {
      faults.add("deleted samples are back: " + series);
    }
    verifyHistograms(api, "histogram_count", 1, 1, faults);
    verifyHistograms(api, "histogram_sum", 0, 8, faults);
    verifyExemplars(api, faults);
    String listed = api.get("/api/v1/events", "kind", "fault", "limit", "1000").body();
    for (String title : events) {
      int first = listed.indexOf("\"title\":\"" + title + "\"");
      if (first < 0) {
        faults.add("event '" + title + "' is lost");
      } else if (listed.indexOf("\"title\":\"" + title + "\"", first + 1) >= 0) {
        faults.add("event '" + title + "' is there twice");
      }
    }
    return faults;
  }

  private void verifyExemplars(PrometheusApi api, List<String> faults)
      throws IOException, InterruptedException {
    String listed =
        api.get(
                "/api/v1/query_exemplars",
                "query",
                "crash_histogram",
                "start",
                String.valueOf(startMs / 1000.0),
                "end",
                String.valueOf((startMs + histograms * STEP_MS) / 1000.0))
            .body();
    for (int n = 0; n < histograms; n++) {
      int first = listed.indexOf("\"trace-" + n + "\"");
      if (first < 0) {
        faults.add("the exemplar of acknowledged histogram " + n + " is lost: " + listed);
      } else if (listed.indexOf("\"trace-" + n + "\"", first + 1) >= 0) {
        faults.add("the exemplar of histogram " + n + " is there twice");
      }
    }
  }

  /** Number n has the value (n + first) / divisor. */
  private void verifyHistograms(
      PrometheusApi api, String function, int first, int divisor, List<String> faults)
      throws IOException, InterruptedException {
    Map<Long, String> found = new HashMap<>();
    double end = (startMs + histograms * STEP_MS) / 1000.0;
    for (PrometheusApi.Series series : api.query(function + "(crash_histogram)[1d:15s]", end)) {
      series
          .points()
          .forEach(point -> found.put(Math.round(point.getKey() * 1000), point.getValue()));
    }
    for (int n = 0; n < histograms; n++) {
      String value = found.get(startMs + n * STEP_MS);
      if (value == null || Double.parseDouble(value) != (n + first) / (double) divisor) {
        faults.add(function + " of acknowledged histogram " + n + " is " + value);
      }
    }
  }
}
