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
 *
 * <p>One thread writes; {@link #verify} is called when it has stopped.
 */
final class CrashWriter implements Runnable {

  /** How the times of consecutive samples lie. */
  enum Pattern {
    /** Ascending, 15 s apart, as scraping sends them. */
    IN_ORDER,
    /** Pairs swapped, across requests: every second sample is late. */
    OUT_OF_ORDER,
    /** Scattered over ten days long past. */
    BACKFILL
  }

  private static final int SERIES = 20;
  private static final long DAY_MS = 86_400_000L;

  private final String name;
  private final Pattern pattern;
  private final PrometheusApi api;
  private final RandomGenerator random;
  private final long startMs;
  private int acknowledged;
  private int attempted;
  private int refusals;
  private volatile boolean stopped;

  CrashWriter(
      String name, Pattern pattern, PrometheusApi api, long startMs, RandomGenerator random) {
    this.name = name;
    this.pattern = pattern;
    this.api = api;
    this.startMs = startMs;
    this.random = random;
  }

  /** A writer that goes on where this one stopped, towards a server that was started again. */
  CrashWriter continued(PrometheusApi next) {
    CrashWriter writer = new CrashWriter(name, pattern, next, startMs, random);
    writer.acknowledged = acknowledged;
    writer.attempted = attempted;
    return writer;
  }

  void stop() {
    stopped = true;
  }

  int acknowledged() {
    return acknowledged;
  }

  int refusals() {
    return refusals;
  }

  @Override
  public void run() {
    while (!stopped) {
      int count = 1 + random.nextInt(8);
      RemoteWriteRequest request = new RemoteWriteRequest();
      for (int series = 0; series < SERIES; series++) {
        long[] times = new long[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
          times[i] = timeOf(acknowledged + i);
          values[i] = valueOf(series, acknowledged + i);
        }
        request.series(labels(series), times, values);
      }
      attempted = Math.max(attempted, acknowledged + count);
      try {
        PrometheusApi.Answer answer = api.write(request);
        if (answer.status() / 100 == 2) {
          acknowledged += count;
        } else if (answer.status() == 503 || answer.status() == 429) {
          refusals++;
          Thread.onSpinWait();
        } else {
          throw new AssertionError("write answered " + answer.status() + ": " + answer.body());
        }
      } catch (IOException e) {
        // The server was killed: nobody knows whether this request is in. It is sent again by the
        // next writer.
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * What is wrong, in words; empty when every acknowledged sample is there once and nothing else
   * is.
   */
  List<String> verify(PrometheusApi server) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    long latest = startMs;
    long earliest = startMs;
    for (int n = 0; n < attempted; n++) {
      latest = Math.max(latest, timeOf(n));
      earliest = Math.min(earliest, timeOf(n));
    }
    double windowSeconds = (latest - earliest) / 1000.0 + 60;
    List<PrometheusApi.Series> answer =
        server.query(
            "crash_sample{writer=\"" + name + "\"}[" + (long) Math.ceil(windowSeconds) + "s]",
            (latest + 1000) / 1000.0);
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

  private Map<String, String> labels(int series) {
    return Map.of(
        "__name__", "crash_sample", "writer", name, "series", "s" + series, "job", "crash");
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
