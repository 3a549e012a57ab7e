// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Writes its own series and knows, sample for sample, what was acknowledged. Sample {@code n} of a
 * series has a time and a value that follow from {@code n} alone, so that no copy of the data is
 * kept.
 */
final class CrashWriter implements CrashLoad {

  /** How the times of consecutive samples lie. */
  enum Pattern {
    /** Ascending, 15 s apart, as scraping sends them. */
    IN_ORDER,
    /** Pairs swapped, across requests: every second sample is late. */
    OUT_OF_ORDER,
    /** Scattered over ten days long past. */
    BACKFILL
  }

  static final int SERIES = 20;

  private static final long DAY_MS = 86_400_000L;

  private final String name;
  private final Pattern pattern;
  private final RandomGenerator random;
  private final long startMs;
  private volatile int acknowledged;
  private volatile int attempted;
  private int refusals;

  CrashWriter(String name, Pattern pattern, long startMs, RandomGenerator random) {
    this.name = name;
    this.pattern = pattern;
    this.startMs = startMs;
    this.random = random;
  }

  /** Samples of each series, known to be durable. */
  int acknowledged() {
    return acknowledged;
  }

  int refusals() {
    return refusals;
  }

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    // What was in flight when a server was killed is sent again.
    int first = acknowledged;
    int count = 1 + random.nextInt(8);
    RemoteWriteRequest request = new RemoteWriteRequest();
    for (int series = 0; series < SERIES; series++) {
      long[] times = new long[count];
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        times[i] = timeOf(first + i);
        values[i] = valueOf(series, first + i);
      }
      request.series(labels(series), times, values);
    }
    attempted = Math.max(attempted, first + count);
    if (Acknowledged.by(api.write(request))) {
      acknowledged = first + count;
    } else {
      refusals++;
    }
  }

  String selector() {
    return "crash_sample{writer=\"" + name + "\"}";
  }

  /**
   * A range that holds everything written so far. Both of its ends are of one moment: while the
   * writer goes on, an end taken later than the length would leave the first samples out.
   */
  record Everything(String window, double endSeconds) {}

  Everything everything() {
    int written = attempted;
    long earliest = startMs;
    long latest = startMs;
    for (int n = 0; n < written; n++) {
      latest = Math.max(latest, timeOf(n));
      earliest = Math.min(earliest, timeOf(n));
    }
    return new Everything(((latest - earliest) / 1000 + 120) + "s", (latest + 1000) / 1000.0);
  }

  @Override
  public List<String> verify(PrometheusApi server) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    Everything everything = everything();
    List<PrometheusApi.Series> answer =
        server.query(selector() + "[" + everything.window() + "]", everything.endSeconds());
    Map<String, PrometheusApi.Series> bySeries = new TreeMap<>();
    for (PrometheusApi.Series series : answer) {
      bySeries.put(String.valueOf(series.labels().get("series")), series);
    }
    for (int series = 0; series < SERIES; series++) {
      TreeMap<Long, Integer> expected = new TreeMap<>();
      for (int n = 0; n < attempted; n++) {
        expected.put(timeOf(n), n);
      }
      PrometheusApi.Series found = bySeries.get("s" + series);
      if (found != null) {
        for (Map.Entry<Double, String> point : found.points()) {
          long time = Math.round(point.getKey() * 1000);
          Integer n = expected.remove(time);
          if (n == null) {
            faults.add(
                name
                    + " s"
                    + series
                    + ": a sample at "
                    + time
                    + " that was never written, or twice");
          } else if (Double.parseDouble(point.getValue()) != valueOf(series, n)) {
            faults.add(
                name + " s" + series + ": sample " + n + " has the value " + point.getValue());
          }
        }
      }
      // What is left was not found: fine only for the request that was in flight.
      for (int n : expected.values()) {
        if (n < acknowledged) {
          faults.add(name + " s" + series + ": acknowledged sample " + n + " is lost");
        }
      }
    }
    return faults;
  }

  /** Most are of one target, so that they come to one shard one after the other. */
  private Map<String, String> labels(int series) {
    return Map.of(
        "__name__",
        "crash_sample",
        "writer",
        name,
        "series",
        "s" + series,
        "job",
        "crash",
        "instance",
        series < 5 ? "host-" + series : "host");
  }

  private long timeOf(int n) {
    return switch (pattern) {
      case IN_ORDER -> startMs + n * 15_000L;
      case OUT_OF_ORDER -> startMs + (n ^ 1) * 15_000L;
      case BACKFILL -> startMs - (1 + (n * 7L) % 10) * DAY_MS + n * 15_000L;
    };
  }

  private static double valueOf(int series, int n) {
    // Integers, decimals and full doubles by turns, so that every codec takes part.
    return switch (series % 3) {
      case 0 -> n;
      case 1 -> n / 10.0;
      default -> Math.sqrt(n + series);
    };
  }
}
