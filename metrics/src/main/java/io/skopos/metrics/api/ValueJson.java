// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.engine.QueryValue;
import java.io.IOException;
import java.util.List;

/** A query's value in Prometheus' shapes, with the object left open for statistics. */
final class ValueJson {

  private ValueJson() {}

  /**
   * @param results how many samples or series to write at most
   */
  static void write(JsonText json, QueryValue value, int results) throws IOException {
    switch (value) {
      case QueryValue.Scalar scalar -> {
        json.raw("{\"resultType\":\"scalar\",\"result\":");
        json.scalar(scalar.timeMs(), scalar.value());
      }
      case QueryValue.Text text -> {
        json.raw("{\"resultType\":\"string\",\"result\":[");
        json.seconds(text.timeMs()).raw(',').string(text.value()).raw(']');
      }
      case QueryValue.Vector vector -> {
        json.raw("{\"resultType\":\"vector\",\"result\":[");
        vector(json, vector.samples().subList(0, results));
        json.raw(']');
      }
      case QueryValue.Matrix matrix -> {
        json.raw("{\"resultType\":\"matrix\",\"result\":[");
        matrix(json, matrix.series().subList(0, results));
        json.raw(']');
      }
    }
  }

  private static void vector(JsonText json, List<QueryValue.Sample> samples) throws IOException {
    boolean first = true;
    for (QueryValue.Sample sample : samples) {
      json.raw(first ? "{\"metric\":" : ",{\"metric\":").labels(sample.labels());
      json.raw(",\"value\":").point(sample.timeMs(), sample.value()).raw('}');
      first = false;
    }
  }

  private static void matrix(JsonText json, List<QueryValue.Series> allSeries) throws IOException {
    boolean first = true;
    for (QueryValue.Series series : allSeries) {
      json.raw(first ? "{\"metric\":" : ",{\"metric\":").labels(series.labels());
      json.raw(",\"values\":[");
      long[] times = series.timesMs();
      double[] values = series.values();
      for (int i = 0; i < times.length; i++) {
        if (i > 0) {
          json.raw(',');
        }
        json.point(times[i], values[i]);
      }
      json.raw("]}");
      first = false;
    }
  }
}
