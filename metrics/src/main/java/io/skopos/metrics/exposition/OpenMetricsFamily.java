// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One family of a strict OpenMetrics body: its metadata and the rules of its type. */
final class OpenMetricsFamily {

  private final String name;
  private final EnumSet<MetadataField> told = EnumSet.noneOf(MetadataField.class);
  private final Set<Labels> seenGroups = new HashSet<>();
  private final Set<Labels> seenAtThisTime = new HashSet<>();
  private String type = "unknown";
  private String unit = "";
  private Labels group = Labels.EMPTY;
  private long groupTimeMs;
  private HistogramRules histogram = new HistogramRules();

  OpenMetricsFamily(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  String type() {
    return type;
  }

  boolean hasSamples() {
    return !seenGroups.isEmpty();
  }

  boolean owns(String sampleName) {
    return sampleName.startsWith(name)
        && OpenMetricsRules.suffixes(type).contains(sampleName.substring(name.length()));
  }

  /** Every name no other family may use: its own and those of its samples. */
  Set<String> names() {
    Set<String> names =
        OpenMetricsRules.suffixes(type).stream()
            .map(suffix -> name + suffix)
            .collect(Collectors.toSet());
    names.add(name);
    return names;
  }

  boolean takesExemplar(String sampleName) {
    return switch (type) {
      case "counter" -> sampleName.equals(name + "_total");
      case "histogram", "gaugehistogram" -> sampleName.equals(name + "_bucket");
      default -> false;
    };
  }

  void metadata(Cursor cursor, MetadataField field, String text) throws ExpositionException {
    if (!told.add(field)) {
      throw cursor.failure("a second " + field + " line for '" + name + "'");
    }
    switch (field) {
      case TYPE -> type = text;
      case UNIT -> unit = text;
      case HELP -> {}
    }
    if (!unit.isEmpty() && (type.equals("info") || type.equals("stateset"))) {
      throw cursor.failure("'" + name + "' of type " + type + " cannot have the unit " + unit);
    }
  }

  void sample(Cursor cursor, String sampleName, Labels labels, double value, long timeMs)
      throws ExpositionException {
    String suffix = sampleName.substring(name.length());
    labelsOfType(cursor, suffix, labels);
    grouping(cursor, groupOf(suffix, labels), labels, timeMs);
    valueOfType(cursor, suffix, value);
    if (type.equals("histogram") || type.equals("gaugehistogram")) {
      histogram.sample(cursor, suffix, labels, value);
    }
  }

  void end(Cursor cursor) throws ExpositionException {
    if (hasSamples()) {
      histogram.end(cursor, name);
    }
  }

  private void labelsOfType(Cursor cursor, String suffix, Labels labels)
      throws ExpositionException {
    if (suffix.equals("_bucket") && Double.isNaN(number(labels, "le"))) {
      throw cursor.failure("a bucket of '" + name + "' needs a label 'le' with a number or +Inf");
    }
    if (type.equals("summary") && suffix.isEmpty()) {
      double quantile = number(labels, "quantile");
      if (!(quantile >= 0 && quantile <= 1)) {
        throw cursor.failure(
            "a quantile of '" + name + "' needs a label 'quantile' with a number from 0 to 1");
      }
    }
    if (type.equals("stateset") && !labels.has(name)) {
      throw cursor.failure("a state of '" + name + "' needs a label of that name");
    }
  }

  private void grouping(Cursor cursor, Labels newGroup, Labels labels, long timeMs)
      throws ExpositionException {
    boolean same = !seenGroups.isEmpty() && newGroup.equals(group);
    if (same) {
      boolean timed = timeMs != ExpositionSink.NO_TIME;
      if (timed != (groupTimeMs != ExpositionSink.NO_TIME)) {
        throw cursor.failure("only some samples of " + newGroup + " have a timestamp");
      }
      if (timed && timeMs < groupTimeMs && !type.equals("info")) {
        throw cursor.failure("the timestamps of " + newGroup + " go backwards");
      }
      if (timeMs != groupTimeMs) {
        nextPoint(cursor);
      }
    } else {
      if (!seenGroups.add(newGroup)) {
        throw cursor.failure(
            "the samples of " + newGroup + " in '" + name + "' do not stand together");
      }
      nextPoint(cursor);
    }
    group = newGroup;
    groupTimeMs = timeMs;
    // With times, several samples may fall into one millisecond; the format allows finer ones.
    if (!seenAtThisTime.add(labels) && timeMs == ExpositionSink.NO_TIME) {
      throw cursor.failure("the series " + labels + " stands there twice");
    }
  }

  private void nextPoint(Cursor cursor) throws ExpositionException {
    seenAtThisTime.clear();
    histogram.end(cursor, name);
    histogram = new HistogramRules();
  }

  /** The labels all samples of one point share. */
  private Labels groupOf(String suffix, Labels labels) {
    Labels unnamed = labels.dropMetricName();
    if (type.equals("info")) {
      return Labels.EMPTY;
    }
    if (type.equals("summary") && suffix.isEmpty()) {
      return unnamed.drop(List.of("quantile"));
    }
    if (type.equals("stateset")) {
      return unnamed.drop(List.of(name));
    }
    return suffix.equals("_bucket") ? unnamed.drop(List.of("le")) : unnamed;
  }

  private void valueOfType(Cursor cursor, String suffix, double value) throws ExpositionException {
    if (type.equals("stateset") && value != 0 && value != 1) {
      throw cursor.failure("a state is 0 or 1, not " + value);
    }
    if (type.equals("info") && value != 1) {
      throw cursor.failure("an info's value is 1, not " + value);
    }
    if (type.equals("summary") && suffix.isEmpty() && value < 0) {
      throw cursor.failure("a quantile's value is negative: " + value);
    }
    boolean counts =
        switch (suffix) {
          case "_total", "_sum", "_count", "_bucket", "_gcount" -> true;
          default -> false;
        };
    if (Double.isNaN(value) && (counts || suffix.equals("_gsum"))) {
      throw cursor.failure("'" + name + suffix + "' cannot be NaN");
    }
    if (counts && value < 0) {
      throw cursor.failure("'" + name + suffix + "' cannot be negative: " + value);
    }
    boolean whole = suffix.equals("_bucket") || suffix.equals("_count") || suffix.equals("_gcount");
    if (whole && value != Math.rint(value)) {
      throw cursor.failure("'" + name + suffix + "' is a whole number, not " + value);
    }
  }

  private static double number(Labels labels, String label) {
    return DecimalNumber.parse(labels.getOrEmpty(label));
  }
}
