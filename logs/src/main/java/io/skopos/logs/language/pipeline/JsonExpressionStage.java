// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.JsonPath;
import io.skopos.logs.language.pipeline.text.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code | json code="response.status"}: makes labels of the values at these places, of arrays and
 * objects too. One whose place is not there is empty. Reads the line as far as it is well-formed.
 */
public final class JsonExpressionStage implements Stage {

  /** A place on the way to values that are wanted. */
  private static final class Node {
    private final byte @Nullable [] name;
    private final int index;
    private final List<Node> below = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();

    private Node(byte @Nullable [] name, int index) {
      this.name = name;
      this.index = index;
    }

    private Node step(JsonPath.Step step) {
      byte[] bytes = step.name() == null ? null : step.name().getBytes(StandardCharsets.UTF_8);
      for (Node node : below) {
        if (bytes == null
            ? node.name == null && node.index == step.index()
            : Arrays.equals(bytes, node.name)) {
          return node;
        }
      }
      Node added = new Node(bytes, step.index());
      below.add(added);
      return added;
    }
  }

  private static final int ODD = -1;
  private static final int ENOUGH = -2;

  private final String[] labels;
  private final Node root = new Node(null, 0);
  private final boolean[] found;
  private int missing;

  /**
   * @throws InvalidStage when an extraction is malformed
   */
  public JsonExpressionStage(List<Extraction> extractions) {
    this.labels = new String[extractions.size()];
    this.found = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      Extraction extraction = extractions.get(i);
      List<JsonPath.Step> path;
      try {
        path = JsonPath.parse(extraction.expression());
      } catch (IllegalArgumentException e) {
        throw new InvalidStage(
            "cannot parse expression [" + extraction.expression() + "]: " + e.getMessage(), e);
      }
      LabelNames.check(
          extraction.label(), "invalid extracted label name '" + extraction.label() + "'");
      labels[i] = extraction.label();
      Node node = root;
      for (JsonPath.Step step : path) {
        node = node.step(step);
      }
      node.labels.add(i);
    }
  }

  @Override
  public boolean process(EntryState state) {
    int length = state.length();
    if (length == 0 || state.hints.noLabels() || state.parsedEnough()) {
      return true;
    }
    byte[] bytes = state.bytes();
    int from = state.from();
    byte first = bytes[from];
    if (first != '{' && first != '[' && first != '"') {
      state.parserError(Errors.JSON, "");
      return true;
    }
    Arrays.fill(found, false);
    missing = labels.length;
    value(state, root, bytes, from, from + length);
    if (missing > 0) {
      for (String label : labels) {
        LabelName name = state.name(label);
        if (!state.has(name)) {
          state.set(EntryState.Category.PARSED, name, "");
        }
      }
    }
    return true;
  }

  /**
   * The value that begins at {@code start}.
   *
   * @return behind its end, or {@link #ODD} or {@link #ENOUGH}
   */
  private int value(EntryState state, Node node, byte[] bytes, int start, int end) {
    byte first = bytes[start];
    int stop = ODD;
    if (!node.below.isEmpty() && first == '{') {
      stop = object(state, node, bytes, start + 1, end);
    } else if (!node.below.isEmpty() && first == '[') {
      stop = array(state, node, bytes, start + 1, end);
    }
    if (stop == ENOUGH) {
      return stop;
    }
    boolean labelled = !node.labels.isEmpty();
    if (stop == ODD && (labelled || node.below.isEmpty() || (first != '{' && first != '['))) {
      stop = skip(bytes, start, end);
    }
    if (labelled) {
      if (stop == ODD) {
        state.parserError(Errors.JSON, problem(first));
        return ODD;
      }
      for (int label : node.labels) {
        if (!found[label]) {
          found[label] = true;
          missing--;
          set(state, labels[label], bytes, start, stop);
        }
      }
      if (missing == 0) {
        return ENOUGH;
      }
    }
    return stop;
  }

  private static String problem(byte first) {
    return switch (first) {
      case '"' -> JsonText.MALFORMED_STRING;
      case '[' -> JsonText.MALFORMED_ARRAY;
      case '{' -> JsonText.MALFORMED_OBJECT;
      default -> JsonText.UNKNOWN_TYPE;
    };
  }

  private int object(EntryState state, Node node, byte[] bytes, int start, int end) {
    int at = start;
    while (true) {
      at = token(bytes, at, end);
      if (at >= end || (bytes[at] != '"' && bytes[at] != '}')) {
        return ODD;
      }
      if (bytes[at] == '}') {
        return at + 1;
      }
      int keyFrom = at + 1;
      int keyEnd = JsonText.stringEnd(bytes, keyFrom, end);
      at = keyEnd < 0 ? end : token(bytes, keyEnd + 1, end);
      if (at >= end || bytes[at] != ':') {
        return ODD;
      }
      at = token(bytes, at + 1, end);
      if (at >= end) {
        return ODD;
      }
      Node next = below(node, bytes, keyFrom, keyEnd);
      at = next == null ? skip(bytes, at, end) : value(state, next, bytes, at, end);
      if (at < 0) {
        return at;
      }
      at = token(bytes, at, end);
      if (at < end && bytes[at] == ',') {
        at++;
      } else if (at >= end || bytes[at] != '}') {
        return ODD;
      }
    }
  }

  private int array(EntryState state, Node node, byte[] bytes, int start, int end) {
    int at = start;
    for (int index = 0; ; index++) {
      at = token(bytes, at, end);
      if (at >= end) {
        return ODD;
      }
      if (bytes[at] == ']') {
        return at + 1;
      }
      Node next = null;
      for (Node candidate : node.below) {
        if (candidate.name == null && candidate.index == index) {
          next = candidate;
        }
      }
      at = next == null ? skip(bytes, at, end) : value(state, next, bytes, at, end);
      if (at < 0) {
        return at;
      }
      at = token(bytes, at, end);
      if (at < end && bytes[at] == ',') {
        at++;
      } else if (at >= end || bytes[at] != ']') {
        return ODD;
      }
    }
  }

  private static @Nullable Node below(Node node, byte[] bytes, int from, int end) {
    byte[] key = bytes;
    int start = from;
    int length = end - from;
    if (JsonText.hasEscape(bytes, from, length)) {
      key = new byte[length];
      length = JsonText.unescape(bytes, from, length, key, 0);
      start = 0;
    }
    for (Node next : node.below) {
      if (next.name != null
          && length >= 0
          && Arrays.equals(next.name, 0, next.name.length, key, start, start + length)) {
        return next;
      }
    }
    return null;
  }

  private static int token(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && JsonText.isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  private static int skip(byte[] bytes, int start, int end) {
    switch (bytes[start]) {
      case '"' -> {
        int stop = JsonText.stringEnd(bytes, start + 1, end);
        return stop < 0 ? ODD : stop + 1;
      }
      case '{', '[' -> {
        return JsonText.blockEnd(bytes, start, end);
      }
      default -> {
        int at = start;
        while (at < end
            && bytes[at] != ','
            && bytes[at] != '}'
            && bytes[at] != ']'
            && !JsonText.isSpace(bytes[at])) {
          at++;
        }
        return at == start || "-0123456789tfnu".indexOf(bytes[start]) < 0 ? ODD : at;
      }
    }
  }

  private static void set(EntryState state, String label, byte[] bytes, int start, int end) {
    LabelName name = state.name(label);
    LabelName target = state.isTaken(name) ? state.extractedName(name) : name;
    byte first = bytes[start];
    if (first == 'n') {
      state.set(EntryState.Category.PARSED, target, "");
    } else if (first == '{') {
      state.set(EntryState.Category.PARSED, target, bytes, start, end - start);
    } else {
      int quote = first == '"' ? 1 : 0;
      int length = end - start - 2 * quote;
      boolean escapes = JsonText.hasEscape(bytes, start + quote, length);
      JsonValues.setText(state, target, bytes, start + quote, length, escapes);
    }
  }
}
