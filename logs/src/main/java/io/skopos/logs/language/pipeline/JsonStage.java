// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.JsonText;
import io.skopos.logs.language.pipeline.text.JsonText.Kind;
import io.skopos.logs.store.EntryCondition;

/**
 * {@code | json}: makes a label of every text, number and boolean of a JSON object; nested names
 * are joined by underscores, arrays and nulls left out. One pass over the bytes as long as the
 * object is plain; anything else is read again in the slower way that tells what is wrong as Loki
 * does.
 */
public final class JsonStage implements Stage {

  /** Objects nested deeper are passed over. */
  private static final int MAX_DEPTH = 128;

  private static final int ODD = -1;
  private static final int ENOUGH = -2;
  private static final String STOP = "stop";

  private final FieldKeys keys = new FieldKeys();

  public JsonStage() {}

  @Override
  public boolean process(EntryState state) {
    if (state.hints.noLabels() || state.parsedEnough()) {
      return true;
    }
    if (state.parseColumns(EntryCondition.Syntax.JSON)) {
      return true;
    }
    byte[] bytes = state.bytes();
    int from = state.from();
    int end = from + state.length();
    FieldKey root = keys.root(state);
    int mark = state.mark();
    int at = from;
    while (at < end && JsonText.isSpace(bytes[at])) {
      at++;
    }
    int done = at < end && bytes[at] == '{' ? object(state, root, bytes, at + 1, end, 0) : ODD;
    if (done == ODD) {
      state.undoTo(mark);
      String problem = fields(state, root, bytes, from, end - from, 0);
      if (!problem.isEmpty() && !problem.equals(STOP)) {
        state.parserError(Errors.JSON, problem);
      }
    }
    return true;
  }

  /**
   * The object whose bracket is before {@code start}.
   *
   * @return behind its end, or {@link #ODD} or {@link #ENOUGH}
   */
  private int object(
      EntryState state, FieldKey parent, byte[] bytes, int start, int end, int depth) {
    int at = start;
    FieldKey before = null;
    FieldKey guess = parent.first;
    while (true) {
      while (at < end && JsonText.isSpace(bytes[at])) {
        at++;
      }
      if (at >= end) {
        return ODD;
      }
      if (bytes[at] == '}') {
        return at + 1;
      }
      if (bytes[at] != '"') {
        return ODD;
      }
      int keyFrom = ++at;
      FieldKey key;
      int guessed = guess == null ? 0 : guess.raw.length;
      if (guess != null
          && at + guessed < end
          && bytes[at + guessed] == '"'
          && guess.is(bytes, at, guessed)) {
        key = guess;
        at += guessed + 1;
      } else {
        while (at < end && bytes[at] != '"' && bytes[at] != '\\') {
          at++;
        }
        if (at >= end || bytes[at] == '\\') {
          return ODD;
        }
        key = keys.child(parent, bytes, keyFrom, at - keyFrom, state);
        at++;
        if (before == null) {
          parent.first = key;
        } else {
          before.next = key;
        }
      }
      before = key;
      guess = key.next;
      while (at < end && JsonText.isSpace(bytes[at])) {
        at++;
      }
      if (at >= end || bytes[at] != ':') {
        return ODD;
      }
      at++;
      while (at < end && JsonText.isSpace(bytes[at])) {
        at++;
      }
      if (at >= end) {
        return ODD;
      }
      at = value(state, key, bytes, at, end, depth);
      if (at < 0) {
        return at;
      }
      while (at < end && JsonText.isSpace(bytes[at])) {
        at++;
      }
      if (at >= end) {
        return ODD;
      }
      if (bytes[at] == ',') {
        at++;
      } else if (bytes[at] != '}') {
        return ODD;
      }
    }
  }

  private int value(EntryState state, FieldKey key, byte[] bytes, int start, int end, int depth) {
    int at = start;
    switch (bytes[at]) {
      case '"' -> {
        at++;
        boolean escapes = false;
        while (at < end && bytes[at] != '"') {
          if (bytes[at] == '\\') {
            escapes = true;
            at++;
          }
          at++;
        }
        if (at >= end) {
          return ODD;
        }
        if (key.wanted) {
          text(state, key, bytes, start + 1, at - start - 1, escapes);
        }
        at++;
      }
      case '{' -> {
        if (key.prefixWanted && depth < MAX_DEPTH) {
          return object(state, key, bytes, at + 1, end, depth + 1);
        }
        return JsonText.blockEnd(bytes, at, end);
      }
      case '[' -> at = array(bytes, at, end);
      case 't', 'f', 'n' -> {
        at = word(bytes, at, end);
        if (at > 0 && bytes[start] != 'n' && key.wanted) {
          plain(state, key, bytes, start, at - start);
        }
      }
      default -> {
        if (bytes[at] != '-' && (bytes[at] < '0' || bytes[at] > '9')) {
          return ODD;
        }
        at++;
        while (at < end && isNumber(bytes[at])) {
          at++;
        }
        if (at >= end || !endsValue(bytes[at])) {
          return ODD;
        }
        if (key.wanted) {
          plain(state, key, bytes, start, at - start);
        }
      }
    }
    return at >= 0 && state.parsedEnough() ? ENOUGH : at;
  }

  /** Behind an array; odd when its brackets and braces are not nested well. */
  private static int array(byte[] bytes, int start, int end) {
    int brackets = 0;
    int braces = 0;
    for (int at = start; at < end; at++) {
      switch (bytes[at]) {
        case '"' -> {
          at = JsonText.stringEnd(bytes, at + 1, end);
          if (at < 0) {
            return ODD;
          }
        }
        case '[' -> brackets++;
        case '{' -> braces++;
        case '}' -> {
          if (--braces < 0) {
            return ODD;
          }
        }
        case ']' -> {
          if (--brackets == 0) {
            return braces == 0 ? at + 1 : ODD;
          }
        }
        default -> {}
      }
    }
    return ODD;
  }

  private static boolean isNumber(byte c) {
    return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
  }

  private static boolean endsValue(byte c) {
    return c == ',' || c == '}' || JsonText.isSpace(c);
  }

  private static int word(byte[] bytes, int at, int end) {
    int length = bytes[at] == 'f' ? 5 : 4;
    int stop = at + length;
    if (stop >= end || !endsValue(bytes[stop])) {
      return ODD;
    }
    String word = bytes[at] == 'f' ? "false" : bytes[at] == 't' ? "true" : "null";
    for (int i = 1; i < length; i++) {
      if (bytes[at + i] != word.charAt(i)) {
        return ODD;
      }
    }
    return stop;
  }

  private static void plain(EntryState state, FieldKey key, byte[] bytes, int from, int length) {
    LabelName target = state.parsedName(key.name);
    if (target != null) {
      state.set(EntryState.Category.PARSED, target, bytes, from, length);
    }
  }

  private static void text(
      EntryState state, FieldKey key, byte[] bytes, int from, int length, boolean escapes) {
    LabelName target = state.parsedName(key.name);
    if (target != null) {
      JsonValues.setText(state, target, bytes, from, length, escapes);
    }
  }

  /** The slow way, field by field as Loki's parser goes. */
  private String fields(
      EntryState state, FieldKey parent, byte[] bytes, int from, int length, int depth) {
    return JsonText.fields(
        bytes,
        from,
        length,
        (key, keyFrom, keyLength, kind, valueFrom, valueLength) -> {
          FieldKey field = keys.child(parent, key, keyFrom, keyLength, state);
          if (kind == Kind.OBJECT) {
            return field.prefixWanted && depth < MAX_DEPTH
                ? fields(state, field, bytes, valueFrom, valueLength, depth + 1)
                : "";
          }
          if (field.wanted && kind == Kind.STRING) {
            boolean escapes = JsonText.hasEscape(bytes, valueFrom, valueLength);
            text(state, field, bytes, valueFrom, valueLength, escapes);
          } else if (field.wanted && (kind == Kind.NUMBER || kind == Kind.BOOLEAN)) {
            plain(state, field, bytes, valueFrom, valueLength);
          }
          return state.parsedEnough() ? STOP : "";
        });
  }
}
