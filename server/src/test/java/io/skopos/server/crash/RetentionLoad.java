// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Series that a retention rule keeps for two hours: older samples are never seen, others always.
 */
final class RetentionLoad implements CrashLoad {

  private static final int SERIES = 5;

  /** For the server's config file. */
  static final String RULE = "{selector: '{job=\"short\"}', time: 2h}";

  private final long freshMs = System.currentTimeMillis() - 1_800_000;
  private int acknowledged;

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    RemoteWriteRequest request = new RemoteWriteRequest();
    long fresh = freshMs + 100L * acknowledged;
    for (int series = 0; series < SERIES; series++) {
      request.series(
          Map.of("__name__", "crash_short", "job", "short", "series", "s" + series),
          new long[] {fresh - 3 * 86_400_000L, fresh - 8_000_000, fresh},
          new double[] {-1, -1, acknowledged});
    }
    if (Acknowledged.by(api.write(request))) {
      acknowledged++;
    }
  }

  @Override
  public List<String> verify(PrometheusApi api) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    List<PrometheusApi.Series> found =
        api.query("crash_short[5d]", (freshMs + 100.0 * acknowledged + 60_000) / 1000);
    if (found.size() != SERIES && acknowledged > 0) {
      faults.add("of the series under retention there are " + found.size());
    }
    for (PrometheusApi.Series series : found) {
      for (Map.Entry<Double, String> point : series.points()) {
        if (point.getValue().equals("-1")) {
          faults.add("older than the retention rule: " + series.labels() + " " + point);
        }
      }
      // One request may have been in flight when the server was killed.
      long fresh =
          series.points().stream().filter(point -> point.getKey() * 1000 >= freshMs - 1).count();
      if (fresh < acknowledged || fresh > acknowledged + 1) {
        faults.add(
            "within the retention rule there are "
                + fresh
                + " samples of "
                + acknowledged
                + " acknowledged: "
                + series.labels());
      }
    }
    return faults;
  }
}
