// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.victoria;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.wire.RowSink;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.TextLines;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads {@code {"metric":{"__name__":"up"},"values":[1],"timestamps":[1549891472010]}} line by
 * line. A value of null is a stale marker, as our export writes it; {@code "NaN"}, {@code
 * "Infinity"} and {@code "-Infinity"} are strings. Not thread-safe.
 */
public final class JsonLines {

  private static final JsonFactory JSON = new JsonFactory();

  private final RowSink sink;
  private double[] values = new double[64];
  private int valueCount;
  private long[] times = new long[64];
  private int timeCount;

  public JsonLines(RowSink sink) {
    this.sink = sink;
  }

  public void read(byte[] body, int from, int to) {
    TextLines lines = new TextLines(body, from, to);
    while (lines.advance()) {
      line(body, lines);
    }
  }

  private void line(byte[] body, TextLines lines) {
    LabelBuffer labels = sink.labels();
    labels.clear();
    valueCount = 0;
    timeCount = 0;
    try (JsonParser in = JSON.createParser(body, lines.from(), lines.to() - lines.from())) {
      JsonToken first = in.nextToken();
      if (first == null) {
        return;
      }
      if (first != JsonToken.START_OBJECT) {
        sink.bad(lines.number(), "it is no object");
        return;
      }
      String problem = fields(in, labels);
      if (problem.isEmpty() && in.nextToken() != null) {
        problem = "something follows the object";
      }
      if (problem.isEmpty() && valueCount != timeCount) {
        problem = "it has " + valueCount + " values and " + timeCount + " timestamps";
      }
      if (!problem.isEmpty()) {
        sink.bad(lines.number(), problem);
        return;
      }
    } catch (JsonProcessingException e) {
      sink.bad(lines.number(), "malformed JSON: " + e.getOriginalMessage());
      return;
    } catch (IOException e) {
      sink.bad(lines.number(), "malformed JSON: " + e.getMessage());
      return;
    }
    for (int i = 0; i < valueCount; i++) {
      sink.row(lines.number(), times[i], values[i]);
    }
  }

  private String fields(JsonParser in, LabelBuffer labels) throws IOException {
    String problem = "";
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      String found =
          switch (name) {
            case "metric" -> metric(in, labels);
            case "values" -> values(in);
            case "timestamps" -> times(in);
            default -> {
              in.skipChildren();
              yield "";
            }
          };
      problem = problem.isEmpty() ? found : problem;
    }
    return problem;
  }

  private static String metric(JsonParser in, LabelBuffer labels) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return "metric is no object of labels";
    }
    String problem = "";
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      if (in.nextToken() == JsonToken.VALUE_STRING) {
        labels.add(RowSink.SENT, name, in.getText());
      } else {
        in.skipChildren();
        problem = "the label '" + name + "' is no string";
      }
    }
    return problem;
  }

  private String values(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      in.skipChildren();
      return "values is no array";
    }
    String problem = "";
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (valueCount == values.length) {
        values = Arrays.copyOf(values, valueCount * 2);
      }
      double value = 0;
      switch (in.currentToken()) {
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value = in.getDoubleValue();
        case VALUE_NULL -> value = StaleMarker.VALUE;
        case VALUE_STRING -> {
          switch (in.getText()) {
            case "NaN" -> value = Double.NaN;
            case "Infinity", "+Inf", "Inf" -> value = Double.POSITIVE_INFINITY;
            case "-Infinity", "-Inf" -> value = Double.NEGATIVE_INFINITY;
            default -> problem = "the value \"" + in.getText() + "\" is no number";
          }
        }
        default -> {
          in.skipChildren();
          problem = "values holds something that is no number";
        }
      }
      values[valueCount++] = value;
    }
    return problem;
  }

  private String times(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      in.skipChildren();
      return "timestamps is no array";
    }
    String problem = "";
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (timeCount == times.length) {
        times = Arrays.copyOf(times, timeCount * 2);
      }
      if (in.currentToken() == JsonToken.VALUE_NUMBER_INT && in.getTextLength() < 19) {
        times[timeCount++] = in.getLongValue();
      } else {
        in.skipChildren();
        problem = "timestamps holds something that is no number of milliseconds";
      }
    }
    return problem;
  }
}
