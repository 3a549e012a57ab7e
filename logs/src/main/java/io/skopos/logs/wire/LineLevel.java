// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The level a line tells of: by a field when it is JSON or logfmt, else by words within it, in the
 * order that Loki's distributor looks for them. Thread-safe.
 */
final class LineLevel {

  /** Objects within objects that are looked into, the line's own included. */
  private static final int MAX_DEPTH = 2;

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOWER_CASE = 0x20 * ONES;
  private static final long ALL_FS = 'f' * ONES;
  private static final long ALL_BS = 'b' * ONES;
  private static final long ALL_WS = 'w' * ONES;
  private static final long ALL_COLONS = ':' * ONES;
  private static final long ALL_EQUAL_SIGNS = '=' * ONES;

  /** A closing bracket in the other case of letters. */
  private static final long ALL_BRACKETS = (']' | 0x20) * ONES;

  private static final byte INFO = 1;
  private static final byte AFTER_WORD = 2;
  private static final byte WARNING = 3;
  private static final byte DEBUG = 4;

  private static final int ERROR_FOUND = 1;
  private static final int WARN_FOUND = 2;
  private static final int CRITICAL_FOUND = 4;
  private static final int DEBUG_FOUND = 8;
  private static final int INFO_FOUND = 16;

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
    } else if (mayHaveField(line, first, end)) {
      level = ofLogfmt(line, first, end);
    }
    return level == null ? ofWords(line, first, end) : level;
  }

  /** Whether a field's name stands before an equals sign; looks at eight bytes at a time. */
  private boolean mayHaveField(byte[] line, int from, int to) {
    int at = from;
    for (; at + 8 <= to; at += 8) {
      long hits = zeroes(ProtobufReader.longAt(line, at) ^ ALL_EQUAL_SIGNS) & HIGH_BITS;
      for (; hits != 0; hits &= hits - 1) {
        if (endsWithField(line, from, at + (Long.numberOfTrailingZeros(hits) >>> 3))) {
          return true;
        }
      }
    }
    for (; at < to; at++) {
      if (line[at] == '=' && endsWithField(line, from, at)) {
        return true;
      }
    }
    return false;
  }

  private boolean endsWithField(byte[] line, int from, int to) {
    for (byte[] field : fields) {
      int start = to - field.length;
      if (start >= from && matches(line, start, field.length, field, 0x20)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The high bit of each byte that is zero is set, once masked; and sometimes that of a byte after
   * one.
   */
  private static long zeroes(long bytes) {
    return bytes - ONES & ~bytes;
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
  @Nullable Level ofLogfmt(byte[] line, int from, int to) {
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

  /** Looks for the rarest byte of each word in eight bytes at a time. */
  private static Level ofWords(byte[] line, int from, int to) {
    int found = 0;
    int at = from;
    for (; at + 8 <= to && (found & INFO_FOUND) == 0; at += 8) {
      long bytes = ProtobufReader.longAt(line, at) | LOWER_CASE;
      long hits =
          (zeroes(bytes ^ ALL_FS)
                  | zeroes(bytes ^ ALL_BS)
                  | zeroes(bytes ^ ALL_WS)
                  | zeroes(bytes ^ ALL_COLONS)
                  | zeroes(bytes ^ ALL_BRACKETS))
              & HIGH_BITS;
      for (; hits != 0; hits &= hits - 1) {
        found |= wordAt(line, at + (Long.numberOfTrailingZeros(hits) >>> 3), from, to);
      }
    }
    for (; at < to && (found & INFO_FOUND) == 0; at++) {
      found |= wordAt(line, at, from, to);
    }
    if ((found & INFO_FOUND) != 0) {
      return Level.INFO;
    }
    return (found & ERROR_FOUND) != 0
        ? Level.ERROR
        : (found & WARN_FOUND) != 0
            ? Level.WARN
            : (found & CRITICAL_FOUND) != 0
                ? Level.CRITICAL
                : (found & DEBUG_FOUND) != 0 ? Level.DEBUG : Level.UNKNOWN;
  }

  /** The word whose rarest byte stands there; 0 when none does. */
  private static int wordAt(byte[] line, int at, int from, int to) {
    return switch (KINDS[line[at] & 0xff]) {
      case INFO ->
          is("info", line, at - 2, from, to) || is("INFO", line, at - 2, from, to) ? INFO_FOUND : 0;
      case WARNING ->
          is("warning", line, at, from, to) || is("WARNING", line, at, from, to) ? WARN_FOUND : 0;
      case DEBUG ->
          is("debug", line, at - 2, from, to) || is("DEBUG", line, at - 2, from, to)
              ? DEBUG_FOUND
              : 0;
      case AFTER_WORD -> wordBefore(line, at, from, line[at] == ']');
      default -> 0;
    };
  }

  private static int wordBefore(byte[] line, int at, int from, boolean bracket) {
    if (ends("err", "ERR", bracket, line, at, from)
        || bracket && ends("error", "ERROR", true, line, at, from)) {
      return ERROR_FOUND;
    }
    if (ends("warn", "WARN", bracket, line, at, from)) {
      return WARN_FOUND;
    }
    return ends("critical", "CRITICAL", bracket, line, at, from) ? CRITICAL_FOUND : 0;
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
