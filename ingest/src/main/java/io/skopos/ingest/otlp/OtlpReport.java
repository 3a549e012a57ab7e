// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.receive.Rejection;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What of a request goes on to the store and what does not, with the first few reasons. */
final class OtlpReport {

  private static final int MAX_REASONS = 5;

  /** What a request brings. */
  enum Kind {
    DATA_POINTS("data points", "rejectedDataPoints"),
    LOG_RECORDS("log records", "rejectedLogRecords");

    private final String words;
    private final String rejected;

    Kind(String words, String rejected) {
      this.words = words;
      this.rejected = rejected;
    }

    /** The field of a partial success that counts them. */
    String rejected() {
      return rejected;
    }
  }

  private final Kind what;

  private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
  private final Map<Rejection, String> firstOfKind = new EnumMap<>(Rejection.class);
  private final List<String> reasons = new ArrayList<>(0);
  private long points;
  private long rejectedPoints;

  OtlpReport(Kind what) {
    this.what = what;
  }

  Kind what() {
    return what;
  }

  void accepted() {
    points++;
  }

  void rejected(Rejection kind, long count, String reason) {
    if (count == 0) {
      return;
    }
    rejectedPoints += count;
    rejected.merge(kind, count, Long::sum);
    firstOfKind.putIfAbsent(kind, reason);
    if (reasons.size() < MAX_REASONS) {
      reasons.add(reason);
    }
  }

  /**
   * Some of what was accepted before a limit then left out; counted as points, of which one may be
   * several samples.
   */
  void leftOut(long samples, String reason) {
    long left = Math.min(samples, points);
    points -= left;
    rejected(Rejection.LIMIT, left, reason);
  }

  /** Data points or records that are kept. */
  long points() {
    return points;
  }

  long rejectedPoints() {
    return rejectedPoints;
  }

  Map<Rejection, Long> rejectedByKind() {
    return rejected;
  }

  String firstReason(Rejection kind) {
    return firstOfKind.getOrDefault(kind, "");
  }

  /** One line for the sender; empty when all is kept. */
  String message() {
    return rejectedPoints == 0
        ? ""
        : "rejected "
            + rejectedPoints
            + " of "
            + (points + rejectedPoints)
            + " "
            + what.words
            + "; first reasons: "
            + String.join("; ", reasons);
  }
}
