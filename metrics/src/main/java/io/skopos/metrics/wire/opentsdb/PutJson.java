// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.opentsdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.metrics.wire.RowSink;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code /api/put}: a data point or an array of them. A bad point is reported by
 * its number and the rest is read; what is no JSON ends the reading.
 */
public final class PutJson {

  private static final JsonFactory JSON = new JsonFactory();

  private final RowSink sink;

  public PutJson(RowSink sink) {
    this.sink = sink;
  }

  /**
   * @throws MalformedMessage when the body is no JSON; the points before that have been handed over
   */
  public void read(byte[] body, int from, int length) throws MalformedMessage {
    try (JsonParser in = JSON.createParser(body, from, length)) {
      JsonToken first = in.nextToken();
      if (first == JsonToken.START_OBJECT) {
        point(in, 1);
      } else if (first == JsonToken.START_ARRAY) {
        for (long number = 1; in.nextToken() != JsonToken.END_ARRAY; number++) {
          if (in.currentToken() == JsonToken.START_OBJECT) {
            point(in, number);
          } else {
            in.skipChildren();
            sink.bad(number, "a data point must be an object");
          }
        }
      } else {
        throw new MalformedMessage("the body is neither a data point nor an array of them");
      }
    } catch (IOException e) {
      throw MalformedMessage.ofJson("malformed JSON", e);
    }
  }

  private void point(JsonParser in, long number) throws IOException {
    LabelBuffer labels = sink.labels();
    labels.clear();
    String metric = null;
    Double time = null;
    Double value = null;
    String problem = null;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "metric" -> metric = in.getValueAsString();
        case "timestamp" -> time = number(in);
        case "value" -> value = number(in);
        case "tags" -> problem = tags(in, labels, problem);
        default -> in.skipChildren();
      }
    }
    if (metric == null || metric.isEmpty()) {
      problem = "it has no metric";
    } else if (time == null || !Double.isFinite(time)) {
      problem = "its timestamp is missing or no number";
    } else if (value == null) {
      problem = "its value is missing or no number";
    }
    if (problem != null || metric == null || time == null || value == null) {
      sink.bad(number, String.valueOf(problem));
      return;
    }
    labels.add(RowSink.NAME, "__name__", metric);
    sink.row(number, OpenTsdbTime.toMs(time), value);
  }

  private static @Nullable String tags(JsonParser in, LabelBuffer labels, @Nullable String before)
      throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return "its tags are no object";
    }
    String problem = before;
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      String value = in.getValueAsString();
      if (value == null) {
        in.skipChildren();
        problem = "the tag '" + name + "' has no text as its value";
      } else {
        labels.add(RowSink.SENT, name, value);
      }
    }
    return problem;
  }

  private static @Nullable Double number(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return in.getDoubleValue();
    }
    if (token == JsonToken.VALUE_STRING && in.getTextLength() < 100) {
      try {
        return Double.valueOf(in.getText().strip());
      } catch (NumberFormatException e) {
        return null;
      }
    }
    in.skipChildren();
    return null;
  }
}
