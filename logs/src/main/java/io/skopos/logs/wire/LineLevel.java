// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The level a line tells of: by a field when it is JSON or logfmt, else by words within it, in the
 * order that Loki's distributor looks for them. One pass each over bytes. Thread-safe.
 */
final class LineLevel {

  /** Objects within objects that are looked into, the line's own included. */
  private static final int MAX_DEPTH = 2;

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private static final byte INFO = 1;
  private static final byte AFTER_WORD = 2;
  private static final byte WARNING = 3;
  private static final byte DEBUG = 4;

  /** The rarest byte of each word that is looked for. */
  private static final byte[] KINDS = new byte[256];

  static {
    KINDS['f'] = INFO;
    KINDS['F'] = INFO;
    KINDS[':'] = AFTER_WORD;
    KINDS[']'] = AFTER_WORD;
    KINDS['w'] = WARNING;
    KINDS['W'] = WARNING;
    KINDS['b'] = DEBUG;
    KINDS['B'] = DEBUG;
  }

  private final byte[][] fields;
  private final int shortest;
  private final int longest;

  LineLevel(List<String> fieldNames) {
    fields =
        fieldNames.stream()
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (byte[] field : fields) {
      least = Math.min(least, field.length);
      most = Math.max(most, field.length);
    }
    shortest = least;
    longest = most;
  }

  Level of(byte[] line, int from, int to) {
    int first = from;
    while (first < to && isSpace(line[first])) {
      first++;
    }
    int end = to;
    while (end > first && isSpace(line[end - 1])) {
      end--;
    }
    Level level = null;
    if (first < end && line[first] == '{' && line[end - 1] == '}') {
      level = ofJson(line, first, end);
    } else if (fields.length > 0 && contains(line, first, end, '=')) {
      level = ofLogfmt(line, first, end);
    }
    return level == null ? ofWords(line, first, end) : level;
  }

  /** Eight bytes at a time. */
  private static boolean contains(byte[] line, int from, int to, char wanted) {
    long pattern = wanted * ONES;
    int at = from;
    for (; at + 8 <= to; at += 8) {
      long differs = ProtobufReader.longAt(line, at) ^ pattern;
      if ((differs - ONES & ~differs & HIGH_BITS) != 0) {
        return true;
      }
    }
    for (; at < to; at++) {
      if (line[at] == wanted) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  /** A string with a colon behind it is a key wherever it stands. */
  private @Nullable Level ofJson(byte[] line, int from, int to) {
    int objects = 0;
    int arrays = 0;
    int at = from;
    while (at < to) {
      switch (line[at]) {
        case '{' -> objects++;
        case '}' -> objects--;
        case '[' -> arrays++;
        case ']' -> arrays--;
        case '"' -> {
          int end = stringEnd(line, at + 1, to);
          int colon = end + 1;
          while (colon < to && isSpace(line[colon])) {
            colon++;
          }
          if (colon < to
              && line[colon] == ':'
              && arrays == 0
              && objects <= MAX_DEPTH
              && field(line, at + 1, end) >= 0) {
            int value = colon + 1;
            while (value < to && isSpace(line[value])) {
              value++;
            }
            if (value < to && line[value] == '"') {
              return Level.of(line, value + 1, stringEnd(line, value + 1, to));
            }
          }
          at = end;
        }
        default -> {}
      }
      at++;
    }
    return null;
  }

  private static int stringEnd(byte[] line, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = line[at];
      if (b == '"') {
        return at;
      }
      at += b == '\\' ? 2 : 1;
    }
    return to;
  }

  /** Of several fields the one named first in the settings counts. */
  private @Nullable Level ofLogfmt(byte[] line, int from, int to) {
    int best = Integer.MAX_VALUE;
    Level level = null;
    int at = from;
    while (at < to) {
      int key = at;
      while (at < to && line[at] > ' ' && line[at] != '=' && line[at] != '"') {
        at++;
      }
      if (at < to && line[at] < 0) {
        at++;
        continue;
      }
      if (at >= to || line[at] == '"') {
        break;
      }
      if (line[at] != '=') {
        at++;
        continue;
      }
      int keyEnd = at++;
      int value = at;
      int valueEnd;
      if (at < to && line[at] == '"') {
        value = at + 1;
        valueEnd = stringEnd(line, value, to);
        at = valueEnd + 1;
      } else {
        while (at < to && (line[at] > ' ' || line[at] < 0)) {
          if (line[at] == '=' || line[at] == '"') {
            return level;
          }
          at++;
        }
        valueEnd = at;
      }
      int found = fieldInAnyCase(line, key, keyEnd);
      if (found >= 0 && found < best) {
        best = found;
        level = Level.of(line, value, valueEnd);
        if (found == 0) {
          return level;
        }
      }
    }
    return level;
  }

  /** Which of the fields has the name; -1 when none has. */
  int field(byte[] line, int from, int to) {
    int length = to - from;
    if (length < shortest || length > longest) {
      return -1;
    }
    for (int i = 0; i < fields.length; i++) {
      if (matches(line, from, length, fields[i], 0)) {
        return i;
      }
    }
    return -1;
  }

  private int fieldInAnyCase(byte[] line, int from, int to) {
    int length = to - from;
    if (length < shortest || length > longest) {
      return -1;
    }
    for (int i = 0; i < fields.length; i++) {
      if (matches(line, from, length, fields[i], 0x20)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * @param caseBit 0x20 to take letters of both cases for equal
   */
  private static boolean matches(byte[] line, int from, int length, byte[] field, int caseBit) {
    if (length != field.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if ((line[from + i] | caseBit) != (field[i] | caseBit)) {
        return false;
      }
    }
    return true;
  }

  private static Level ofWords(byte[] line, int from, int to) {
    boolean error = false;
    boolean warn = false;
    boolean critical = false;
    boolean debug = false;
    for (int at = from; at < to; at++) {
      byte kind = KINDS[line[at] & 0xff];
      if (kind == 0) {
        continue;
      }
      switch (kind) {
        case INFO -> {
          if (is("info", line, at - 2, from, to) || is("INFO", line, at - 2, from, to)) {
            return Level.INFO;
          }
        }
        case WARNING ->
            warn |= is("warning", line, at, from, to) || is("WARNING", line, at, from, to);
        case DEBUG ->
            debug |= is("debug", line, at - 2, from, to) || is("DEBUG", line, at - 2, from, to);
        default -> {
          boolean bracket = line[at] == ']';
          error |= ends("err", "ERR", bracket, line, at, from);
          error |= bracket && ends("error", "ERROR", true, line, at, from);
          warn |= ends("warn", "WARN", bracket, line, at, from);
          critical |= ends("critical", "CRITICAL", bracket, line, at, from);
        }
      }
    }
    return error
        ? Level.ERROR
        : warn ? Level.WARN : critical ? Level.CRITICAL : debug ? Level.DEBUG : Level.UNKNOWN;
  }

  private static boolean is(String word, byte[] line, int at, int from, int to) {
    if (at < from || at + word.length() > to) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (line[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the word stands before {@code at}, behind a bracket when it is to. */
  private static boolean ends(
      String lower, String upper, boolean bracket, byte[] line, int at, int from) {
    int start = at - lower.length();
    if (bracket && (start - 1 < from || line[start - 1] != '[')) {
      return false;
    }
    return is(lower, line, start, from, at) || is(upper, line, start, from, at);
  }
}
