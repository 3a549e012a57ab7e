// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Counters of log lines: they never fall, whatever was replayed, and in the end they have every
 * line that was acknowledged and none twice.
 */
final class RatesLoad implements CrashLoad {

  /** For the server's arguments. */
  static final String INTERVAL = "logs.rates.interval=1s";

  /** Waiting for the next write of the counters takes up to the interval. */
  private static final int VERIFICATIONS_PER_WAIT = 3;

  private final RandomGenerator random;
  private long acknowledged;

  /** Lines of requests that a kill left without an answer are counted or not. */
  private long attempted;

  private int verifications;

  RatesLoad(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    push(api, 1 + random.nextInt(20));
    TimeUnit.MILLISECONDS.sleep(20);
  }

  private void push(PrometheusApi api, int lines) throws IOException, InterruptedException {
    StringBuilder body =
        new StringBuilder("{\"streams\":[{\"stream\":{\"service_name\":\"rates\"},\"values\":[");
    for (int i = 0; i < lines; i++) {
      body.append(i == 0 ? "" : ",").append("[\"").append(System.currentTimeMillis());
      body.append("000000\",\"level=error n=").append(attempted + i).append("\"]");
    }
    attempted += lines;
    byte[] bytes = body.append("]}]}").toString().getBytes(StandardCharsets.UTF_8);
    if (Acknowledged.by(api.post("/loki/api/v1/push", "application/json", bytes))) {
      acknowledged += lines;
    } else {
      attempted -= lines;
    }
  }

  @Override
  public List<String> verify(PrometheusApi api) throws IOException, InterruptedException {
    if (attempted == 0) {
      return List.of();
    }
    boolean waits = verifications++ % VERIFICATIONS_PER_WAIT == 0;
    List<String> faults = new ArrayList<>();
    if (waits) {
      // Counters are taken up again with a tenant's first line.
      push(api, 1);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    double last = check(api, faults);
    while (waits && last < acknowledged && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
      last = check(api, faults);
    }
    if (waits && last < acknowledged) {
      faults.add(last + " lines are counted, " + acknowledged + " were acknowledged");
    }
    return faults;
  }

  private double check(PrometheusApi api, List<String> faults)
      throws IOException, InterruptedException {
    double last = 0;
    List<PrometheusApi.Series> found =
        api.query(
            "skopos_log_lines_total{service_name=\"rates\"}[1d]",
            System.currentTimeMillis() / 1000.0 + 1);
    if (found.size() > 1) {
      faults.add("of one level there are " + found.size() + " counters");
    }
    for (PrometheusApi.Series series : found) {
      if (!"error".equals(series.labels().get("level"))) {
        faults.add("a counter with other labels: " + series.labels());
      }
      for (Map.Entry<Double, String> point : series.points()) {
        double value = Double.parseDouble(point.getValue());
        if (value < last) {
          faults.add("the counter fell from " + last + " to " + value + " at " + point.getKey());
        }
        last = value;
      }
    }
    if (last > attempted) {
      faults.add(last + " lines are counted, " + attempted + " were sent");
    }
    return last;
  }
}
