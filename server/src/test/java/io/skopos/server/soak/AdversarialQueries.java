// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.soak;

import java.util.random.RandomGenerator;

/** Questions that ask for more than a server has, in as many ways as we know. */
final class AdversarialQueries {

  /** How many samples back a range may reach, and that it ends now. */
  record Question(String path, String query, long rangeSeconds, long stepSeconds) {}

  private static final String[] INSTANT = {
    "{__name__=~\".+\"}",
    "{__name__=~\".*e.*\"}[3h]",
    "max_over_time(soak_metric[3h:1s])",
    "sum_over_time(rate(soak_metric[1m])[1h:1s])",
    "count_values(\"value\", soak_metric)",
    "count_values by (pod, host) (\"value\", soak_metric)",
    "sort_desc(soak_metric * on (host) group_left () sum by (host) (soak_metric))",
    "soak_metric * on () group_left () soak_metric",
    "soak_metric and on () soak_metric",
    "label_replace(soak_metric, \"a\", \"$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1\", \"pod\", \"(.*)\")",
    grown(6),
    "label_join(soak_metric, \"a\", \"-\", \"pod\", \"host\", \"pod\", \"host\", \"pod\", \"host\")",
    "soak_metric{pod=~\".*(((a|b|c|d)*e)*f)*.*x.*y.*\"}",
    "soak_metric{pod=~\"(((((x{50}){50}){50}){50}){50})\"}",
    "label_replace(soak_metric, \"a\", \"$1\", \"pod\", \"((((x{90}){90}){90}){90})\")",
    "quantile_over_time(0.5, soak_metric[3h])",
    "topk(100000, soak_metric)",
    "absent(" + "(".repeat(5000) + "soak_metric" + ")".repeat(5000) + ")",
    "-".repeat(20000) + "1",
    "soak_metric" + " + soak_metric".repeat(400)
  };

  private static final String[] RANGE = {
    "soak_metric",
    "rate(soak_metric[5m])",
    "quantile_over_time(0.9, soak_metric[1h])",
    "count_values(\"value\", soak_metric)",
    "sum by (pod, host, __name__) (soak_metric)",
    "avg_over_time(soak_metric[1h:1s])",
    "soak_metric / on (pod, host) soak_metric",
    "{__name__=~\".+\"}"
  };

  private AdversarialQueries() {}

  static Question next(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> new Question("/api/v1/series", "{__name__=~\".+\"}", 10_800, 0);
      case 1 -> new Question("/api/v1/export", "{__name__=~\".+\"}", 10_800, 0);
      case 2, 3, 4, 5 ->
          new Question(
              "/api/v1/query_range",
              RANGE[random.nextInt(RANGE.length)],
              random.nextInt(600, 10_800),
              random.nextInt(1, 60));
      default -> new Question("/api/v1/query", INSTANT[random.nextInt(INSTANT.length)], 0, 0);
    };
  }

  /** A label's value eight times as long with each call. */
  private static String grown(int calls) {
    String query = "soak_metric";
    for (int i = 0; i < calls; i++) {
      query = "label_replace(" + query + ", \"pod\", \"$1$1$1$1$1$1$1$1\", \"pod\", \"(.*)\")";
    }
    return query;
  }
}
