// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/**
 * How far a transfer is: one line that is rewritten on a terminal, else a line now and then. Not
 * thread-safe.
 */
public final class Progress {

  private static final long TERMINAL_NANOS = 250_000_000L;
  private static final long LOG_NANOS = 10_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private final String rows;
  private final long beganNanos = System.nanoTime();
  private long shownNanos = beganNanos;
  private long series;
  private long samples;
  private long samplesAtStart;
  private double done;
  private double doneAtStart;
  private boolean shown;

  /**
   * @param terminal whether lines can be rewritten
   */
  public Progress(PrintWriter err, boolean terminal) {
    this(err, terminal, "samples");
  }

  /**
   * @param terminal whether lines can be rewritten
   * @param rows what is counted; series are shown with samples only
   */
  public Progress(PrintWriter err, boolean terminal, String rows) {
    this.err = err;
    this.terminal = terminal;
    this.rows = rows;
  }

  /** Counts without showing anything. */
  public static Progress silent(String rows) {
    return new Progress(new PrintWriter(Writer.nullWriter()), false, rows);
  }

  /** What an earlier run has done: it is shown and does not count for the speed. */
  void startAt(double share) {
    done = share;
    doneAtStart = share;
    samplesAtStart = samples;
  }

  void add(long moreSeries, long moreSamples) {
    series += moreSeries;
    samples += moreSamples;
  }

  long series() {
    return series;
  }

  public long samples() {
    return samples;
  }

  /**
   * @param what e.g. the block at work
   * @param share of everything, 0 to 1
   */
  void at(String what, double share) {
    done = Math.max(done, Math.min(1, share));
    long now = System.nanoTime();
    if (now - shownNanos < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    shownNanos = now;
    shown = true;
    double seconds = (now - beganNanos) / 1e9;
    double left = done > doneAtStart ? seconds / (done - doneAtStart) * (1 - done) : -1;
    String line =
        String.format(
            Locale.ROOT,
            "%3.0f%% %s  %s%,d %s (%,.0f/s)%s",
            done * 100,
            what,
            rows.equals("samples") ? String.format(Locale.ROOT, "%,d series, ", series) : "",
            samples,
            rows,
            (samples - samplesAtStart) / seconds,
            left < 0 ? "" : ", " + duration(left) + " left");
    if (terminal) {
      err.print("\r\u001b[K" + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Ends the line. */
  void finish() {
    if (terminal && shown) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }

  double seconds() {
    return (System.nanoTime() - beganNanos) / 1e9;
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 100
        ? whole + " s"
        : whole < 6000 ? (whole + 30) / 60 + " min" : (whole + 1800) / 3600 + " h";
  }
}
