// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.csv;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the columns of a body are: {@code 1:label:city,2:metric:temperature,3:time:unix_s}. Columns
 * that are not named are passed over.
 */
public record CsvFormat(List<Column> columns) {

  /** A column by its position, counted from 1. */
  public sealed interface Column {
    int position();
  }

  public record MetricColumn(int position, String name) implements Column {}

  public record LabelColumn(int position, String name) implements Column {}

  public record TimeColumn(int position, CsvTime format) implements Column {}

  private static final int MAX_POSITION = 1000;

  public CsvFormat {
    columns = List.copyOf(columns);
  }

  /**
   * @throws IllegalArgumentException saying which column is wrong
   */
  public static CsvFormat parse(String text) {
    List<Column> columns = new ArrayList<>();
    for (String part : text.split(",")) {
      String[] words = part.strip().split(":", 3);
      if (words.length < 3 || words[2].isEmpty()) {
        throw new IllegalArgumentException(
            "the column '" + part + "' of format is not of the form position:type:context");
      }
      int position = position(words[0], part);
      columns.add(
          switch (words[1]) {
            case "metric" -> new MetricColumn(position, words[2]);
            case "label" -> new LabelColumn(position, words[2]);
            case "time" -> new TimeColumn(position, CsvTime.parse(words[2]));
            default ->
                throw new IllegalArgumentException(
                    "the column '" + part + "' of format is no metric, label or time");
          });
    }
    if (columns.stream().noneMatch(MetricColumn.class::isInstance)) {
      throw new IllegalArgumentException("format names no column of a metric");
    }
    if (columns.stream().filter(TimeColumn.class::isInstance).count() > 1) {
      throw new IllegalArgumentException("format names more than one column of a time");
    }
    columns.sort(Comparator.comparingInt(Column::position));
    for (int i = 1; i < columns.size(); i++) {
      if (columns.get(i).position() == columns.get(i - 1).position()) {
        throw new IllegalArgumentException(
            "format names the column " + columns.get(i).position() + " twice");
      }
    }
    return new CsvFormat(columns);
  }

  private static int position(String text, String part) {
    try {
      int position = Integer.parseInt(text);
      if (position >= 1 && position <= MAX_POSITION) {
        return position;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "the position of the column '" + part + "' of format is not from 1 to " + MAX_POSITION);
  }
}
