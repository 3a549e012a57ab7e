// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.serving.answer.JsonText;
import io.skopos.web.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The envelope of successful answers: {@code {"status":"success","data":…}} with annotations. */
final class Answer {

  static final String TRUNCATED = "results truncated due to limit";

  /** As many annotations of a kind as Prometheus shows. */
  private static final int MAX_ANNOTATIONS = 10;

  private Answer() {}

  /** Writes the value of {@code data}. */
  @FunctionalInterface
  interface Data {
    void write(JsonText json) throws IOException;
  }

  static Response of(Data data) {
    return of(data, List.of(), List.of());
  }

  /** The first {@code limit} entries; one more than that says that there are more. */
  static Response ofStrings(List<String> values, int limit) {
    return ofStrings(values, limit, List.of());
  }

  /**
   * @param lacks what of the values could not be read
   */
  static Response ofStrings(List<String> values, int limit, List<String> lacks) {
    boolean truncated = limit > 0 && values.size() > limit;
    List<String> shown = truncated ? values.subList(0, limit) : values;
    long mostBytes = JsonText.FRAME_BYTES;
    for (String text : shown) {
      mostBytes += 3L * text.length() + 4;
    }
    return of(json -> json.strings(shown), warnings(truncated, lacks), List.of())
        .ofAtMost(mostBytes);
  }

  static List<String> warnings(boolean truncated, List<String> lacks) {
    if (!truncated) {
      return lacks;
    }
    List<String> all = new ArrayList<>(lacks);
    all.add(TRUNCATED);
    return all;
  }

  static Response of(Data data, List<String> warnings, List<String> infos) {
    return Response.stream(
        200,
        "application/json",
        out -> {
          JsonText json = new JsonText(out);
          json.raw("{\"status\":\"success\",\"data\":");
          data.write(json);
          annotations(json, "warnings", "warning", warnings);
          annotations(json, "infos", "info", infos);
          json.raw('}').flush();
        });
  }

  private static void annotations(JsonText json, String key, String kind, List<String> texts)
      throws IOException {
    if (texts.isEmpty()) {
      return;
    }
    List<String> shown = texts;
    if (texts.size() > MAX_ANNOTATIONS) {
      shown = new ArrayList<>(texts.subList(0, MAX_ANNOTATIONS));
      shown.add((texts.size() - MAX_ANNOTATIONS) + " more " + kind + " annotations omitted");
    }
    json.raw(",\"" + key + "\":").strings(shown);
  }
}
