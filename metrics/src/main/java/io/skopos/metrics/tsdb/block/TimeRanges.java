// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.model.TimeRange;
import java.util.ArrayList;
import java.util.List;

/** A set of times, as ranges that do not touch. Not thread-safe. */
public final class TimeRanges {

  private final List<TimeRange> ranges = new ArrayList<>();

  public TimeRanges copy() {
    TimeRanges copy = new TimeRanges();
    copy.ranges.addAll(ranges);
    return copy;
  }

  public void add(TimeRange range) {
    long from = range.fromMs();
    long to = range.toMs();
    List<TimeRange> kept = new ArrayList<>();
    for (TimeRange one : ranges) {
      if (one.overlaps(from, to)) {
        from = Math.min(from, one.fromMs());
        to = Math.max(to, one.toMs());
      } else {
        kept.add(one);
      }
    }
    kept.add(new TimeRange(from, to));
    kept.sort(java.util.Comparator.comparingLong(TimeRange::fromMs));
    ranges.clear();
    ranges.addAll(kept);
  }

  /** What of a range is not in the set, in order of time. */
  public List<TimeRange> missing(TimeRange range) {
    List<TimeRange> missing = new ArrayList<>();
    long at = range.fromMs();
    for (TimeRange one : ranges) {
      if (one.toMs() < at) {
        continue;
      }
      if (one.fromMs() > range.toMs()) {
        break;
      }
      if (one.fromMs() > at) {
        missing.add(new TimeRange(at, one.fromMs() - 1));
      }
      at = one.toMs() + 1;
    }
    if (at <= range.toMs()) {
      missing.add(new TimeRange(at, range.toMs()));
    }
    return missing;
  }
}
