// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the series of a tenant, or of several, are made of.
 *
 * @param day the day counted as now; null when there are no series
 * @param total all series that fit, with an empty name
 * @param groupCount how many groups there are, the cut off ones included
 * @param groups those with the most series first
 */
public record CardinalityReport(
    @Nullable String day, Group total, int groupCount, List<Group> groups, List<String> warnings) {

  public static final CardinalityReport EMPTY =
      new CardinalityReport(null, new Group("", "", 0, 0, 0, 0, 0, 0), 0, List.of(), List.of());

  public CardinalityReport {
    groups = List.copyOf(groups);
    warnings = List.copyOf(warnings);
  }

  /** The groups with the most series first, and among equals those with the most bytes. */
  public static Comparator<Group> order() {
    return Comparator.comparingLong(Group::series)
        .reversed()
        .thenComparing(Comparator.comparingLong(Group::diskBytes).reversed())
        .thenComparing(Group::name)
        .thenComparing(Group::instance);
  }

  /**
   * One metric, label, value, target or tenant.
   *
   * @param instance of a target, whose job is the name; else empty
   * @param values how many values a label has; else 0
   * @param series of the day counted as now: the most in one part, or in memory
   * @param seriesDayBefore the same of the day before
   * @param diskBytes estimated, of all days of the range
   * @param memoryBytes estimated, by the number of series
   * @param samplesPerSecond estimated from the parts' averages
   */
  public record Group(
      String name,
      String instance,
      long values,
      long series,
      long seriesDayBefore,
      long diskBytes,
      long memoryBytes,
      double samplesPerSecond) {}
}
