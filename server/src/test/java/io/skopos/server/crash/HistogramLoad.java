// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Native histograms, each with an exemplar. Number n has n + 1 observations and the sum n / 8. */
final class HistogramLoad implements CrashLoad {

  private static final long STEP_MS = 15_000;

  private final long startMs;
  private int acknowledged;

  HistogramLoad(long startMs) {
    this.startMs = startMs - Math.floorMod(startMs, STEP_MS);
  }

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    RemoteWriteRequest histogram = new RemoteWriteRequest();
    histogram.histogram(
        Map.of("__name__", "crash_histogram", "job", "crash"),
        startMs + acknowledged * STEP_MS,
        acknowledged + 1L,
        acknowledged / 8.0,
        "trace-" + acknowledged);
    if (Acknowledged.by(api.write(histogram))) {
      acknowledged++;
    }
  }

  @Override
  public List<String> verify(PrometheusApi api) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    verifyHistograms(api, "histogram_count", 1, 1, faults);
    verifyHistograms(api, "histogram_sum", 0, 8, faults);
    verifyExemplars(api, faults);
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
                String.valueOf((startMs + acknowledged * STEP_MS) / 1000.0))
            .body();
    for (int n = 0; n < acknowledged; n++) {
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
    long lengthMs = (acknowledged + 1) * STEP_MS;
    double end = (startMs + lengthMs) / 1000.0;
    String subquery = "(crash_histogram)[" + (lengthMs / 1000 + 15) + "s:15s]";
    for (PrometheusApi.Series series : api.query(function + subquery, end)) {
      series
          .points()
          .forEach(point -> found.put(Math.round(point.getKey() * 1000), point.getValue()));
    }
    for (int n = 0; n < acknowledged; n++) {
      String value = found.get(startMs + n * STEP_MS);
      if (value == null || Double.parseDouble(value) != (n + first) / (double) divisor) {
        faults.add(function + " of acknowledged histogram " + n + " is " + value);
      }
    }
  }
}
