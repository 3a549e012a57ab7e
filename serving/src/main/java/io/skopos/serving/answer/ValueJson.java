// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.answer;

import io.skopos.engine.QueryValue;
import io.skopos.model.histogram.NativeHistogram;
import java.io.IOException;
import java.util.List;

/** A query's value in Prometheus' shapes, with the object left open for statistics. */
public final class ValueJson {

  /** Time and value of a point with what stands around them; few values are longer. */
  private static final int POINT_BYTES = 48;

  private static final int SERIES_BYTES = 32;

  private ValueJson() {}

  /**
   * @param results how many samples or series to write at most
   */
  public static void write(JsonText json, QueryValue value, int results) throws IOException {
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

  /** A bound of the whole answer's length, or the greatest long. */
  public static long mostBytes(QueryValue value) {
    long bytes = JsonText.FRAME_BYTES;
    switch (value) {
      case QueryValue.Scalar _ -> {}
      case QueryValue.Text text -> bytes += 6L * text.value().length();
      case QueryValue.Vector vector -> {
        for (QueryValue.Sample sample : vector.samples()) {
          if (sample.histogram() != null) {
            return Long.MAX_VALUE;
          }
          bytes += JsonText.mostBytes(sample.labels()) + SERIES_BYTES + POINT_BYTES;
        }
      }
      case QueryValue.Matrix matrix -> {
        for (QueryValue.Series series : matrix.series()) {
          if (series.histograms() != null) {
            return Long.MAX_VALUE;
          }
          bytes += JsonText.mostBytes(series.labels()) + SERIES_BYTES;
          bytes += (long) POINT_BYTES * series.timesMs().length;
        }
      }
    }
    return bytes;
  }

  private static void vector(JsonText json, List<QueryValue.Sample> samples) throws IOException {
    boolean first = true;
    for (QueryValue.Sample sample : samples) {
      json.raw(first ? "{\"metric\":" : ",{\"metric\":").labels(sample.labels());
      NativeHistogram histogram = sample.histogram();
      if (histogram == null) {
        json.raw(",\"value\":").point(sample.timeMs(), sample.value());
      } else {
        json.raw(",\"histogram\":");
        HistogramJson.point(json, sample.timeMs(), histogram);
      }
      json.raw('}');
      first = false;
    }
  }

  private static void matrix(JsonText json, List<QueryValue.Series> allSeries) throws IOException {
    boolean first = true;
    for (QueryValue.Series series : allSeries) {
      json.raw(first ? "{\"metric\":" : ",{\"metric\":").labels(series.labels());
      if (series.histograms() == null) {
        json.raw(",\"values\":[");
        long[] times = series.timesMs();
        double[] values = series.values();
        for (int i = 0; i < times.length; i++) {
          if (i > 0) {
            json.raw(',');
          }
          json.point(times[i], values[i]);
        }
        json.raw(']');
      } else {
        mixed(json, series);
      }
      json.raw('}');
      first = false;
    }
  }

  /** Floats and histograms in a list each; neither when it has none. */
  private static void mixed(JsonText json, QueryValue.Series series) throws IOException {
    String before = ",\"values\":[";
    for (int i = 0; i < series.timesMs().length; i++) {
      if (series.histogram(i) == null) {
        json.raw(before).point(series.timesMs()[i], series.values()[i]);
        before = ",";
      }
    }
    json.raw(before.equals(",") ? "]" : "");
    before = ",\"histograms\":[";
    for (int i = 0; i < series.timesMs().length; i++) {
      NativeHistogram histogram = series.histogram(i);
      if (histogram != null) {
        json.raw(before);
        HistogramJson.point(json, series.timesMs()[i], histogram);
        before = ",";
      }
    }
    json.raw(before.equals(",") ? "]" : "");
  }
}
