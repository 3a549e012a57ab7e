// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Asks beside the writers: what was acknowledged before a question is in its answer. */
final class QuestionLoad implements CrashLoad {

  private static final String[] OTHERS = {
    "sum by (writer) (rate(crash_sample[1h]))",
    "quantile_over_time(0.9, crash_sample{series=~\"s1.*\"}[3h])",
    "histogram_quantile(0.9, rate(crash_histogram[10m]))",
    "topk(3, max_over_time(crash_sample[30m:1m]))",
    "count({job=\"crash\"})"
  };

  private final List<CrashWriter> writers;
  private final RandomGenerator random;
  private final List<String> faults = new ArrayList<>();
  private long answered;

  QuestionLoad(List<CrashWriter> writers, RandomGenerator random) {
    this.writers = writers;
    this.random = random;
  }

  long answered() {
    return answered;
  }

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    CrashWriter writer = writers.get(random.nextInt(writers.size()));
    int before = writer.acknowledged();
    CrashWriter.Everything everything = writer.everything();
    if (before > 0 && random.nextBoolean()) {
      double found = 0;
      String query = "sum(count_over_time(" + writer.selector() + "[" + everything.window() + "]))";
      for (PrometheusApi.Series sum : api.query(query, everything.endSeconds())) {
        found = Double.parseDouble(sum.points().getFirst().getValue());
      }
      if (found < before * (double) CrashWriter.SERIES) {
        faults.add(query + " is " + found + " after " + before + " samples of each series");
      }
    } else {
      PrometheusApi.Answer answer =
          api.get(
              "/api/v1/query_range",
              "query",
              OTHERS[random.nextInt(OTHERS.length)],
              "start",
              String.valueOf(everything.endSeconds() - 7200),
              "end",
              String.valueOf(everything.endSeconds()),
              "step",
              "60");
      if (answer.status() != 200 || answer.body().contains("\"warnings\"")) {
        faults.add("a question is answered " + answer.status() + ": " + answer.body());
      }
    }
    answered++;
  }

  @Override
  public List<String> verify(PrometheusApi api) {
    return List.copyOf(faults);
  }
}
