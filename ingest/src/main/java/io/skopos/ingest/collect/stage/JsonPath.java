// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of JMESPath that names one place: {@code a.b}, {@code "odd name".c}, {@code list[0]},
 * {@code [-1]}, {@code @}. Thread-safe.
 *
 * @param steps names, or places in a list
 */
record JsonPath(List<Object> steps) {

  /**
   * @throws IllegalArgumentException saying what is not understood
   */
  static JsonPath parse(String text) {
    List<Object> steps = new ArrayList<>();
    String path = text.strip();
    if (path.equals("@")) {
      return new JsonPath(List.of());
    }
    int at = 0;
    boolean first = true;
    while (at < path.length()) {
      char c = path.charAt(at);
      if (c == '[') {
        int end = path.indexOf(']', at);
        try {
          steps.add(Integer.valueOf(path.substring(at + 1, Math.max(end, at + 1)).strip()));
        } catch (NumberFormatException e) {
          throw unknown(text);
        }
        at = end + 1;
      } else {
        if (!first) {
          if (c != '.') {
            throw unknown(text);
          }
          at++;
        }
        at = name(path, at, text, steps);
      }
      first = false;
    }
    if (steps.isEmpty()) {
      throw unknown(text);
    }
    return new JsonPath(List.copyOf(steps));
  }

  private static int name(String path, int from, String text, List<Object> steps) {
    int at = from;
    StringBuilder name = new StringBuilder();
    if (at < path.length() && path.charAt(at) == '"') {
      at++;
      while (at < path.length() && path.charAt(at) != '"') {
        if (path.charAt(at) == '\\' && at + 1 < path.length()) {
          at++;
        }
        name.append(path.charAt(at++));
      }
      if (at == path.length()) {
        throw unknown(text);
      }
      at++;
    } else {
      while (at < path.length()
          && (Character.isLetterOrDigit(path.charAt(at)) || "_-@".indexOf(path.charAt(at)) >= 0)) {
        name.append(path.charAt(at++));
      }
    }
    if (name.isEmpty()) {
      throw unknown(text);
    }
    steps.add(name.toString());
    return at;
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "the expression '"
            + text
            + "' is not understood; of JMESPath there are names (a.b, \"odd name\") and places in"
            + " lists (a[0])");
  }

  JsonValue of(JsonValue root) {
    JsonValue at = root;
    for (Object step : steps) {
      if (step instanceof Integer place) {
        List<JsonValue> items = at.list();
        int index = place < 0 ? items.size() + place : place;
        at = index >= 0 && index < items.size() ? items.get(index) : JsonValue.MISSING;
      } else {
        at = at.get((String) step);
      }
    }
    return at;
  }
}
