// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import io.skopos.logs.language.pipeline.text.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes lines apart: JSON by its message, logfmt by its pairs, all else by words and signs. What
 * colours a line for terminals is no part of it, but a gap.
 */
final class LineTokenizer {

  /** Stands for a sequence, or several. */
  private static final char ESCAPE = '\u001b';

  private static final String ESCAPE_IN_JSON = "\\u001b";

  private static final List<String> MESSAGES =
      List.of("log", "message", "msg", "msg_", "_msg", "content", "body");

  /** Fields that are never the same. */
  private static final Set<String> VARIABLE =
      Set.of("ts", "t", "time", "timestamp", "traceid", "trace_id", "spanid", "span_id");

  private int messageFrom;
  private int messageLength;
  private int messageRank;

  void tokenize(byte[] bytes, int from, int length, LineTokens into) {
    int first = from;
    int end = from + length;
    while (first < end && bytes[first] == ' ') {
      first++;
    }
    if (first < end && bytes[first] == '{' && findMessage(bytes, from, length)) {
      into.begin(LineTokens.Kind.JSON_MESSAGE);
      String message = new String(bytes, messageFrom, messageLength, StandardCharsets.UTF_8);
      words(message.indexOf('\\') < 0 ? message : withGaps(message, ESCAPE_IN_JSON), into);
      return;
    }
    String line = new String(bytes, from, length, StandardCharsets.UTF_8);
    if (line.indexOf(ESCAPE) >= 0) {
      into.begin(LineTokens.Kind.PLAIN);
      words(withGaps(line, String.valueOf(ESCAPE)), into);
      return;
    }
    into.begin(LineTokens.Kind.LOGFMT);
    if (pairs(line, into)) {
      return;
    }
    into.begin(LineTokens.Kind.PLAIN);
    words(line, into);
  }

  /** Leaves of each sequence the one sign; a lone one stays as it is. */
  private static String withGaps(String text, String escape) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      if (text.regionMatches(true, at, escape, 0, escape.length())) {
        out.append(ESCAPE);
        at = sequenceEnd(text, at + escape.length());
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.toString();
  }

  /** Behind a control sequence of ECMA-48: parameters, intermediate signs, a final one. */
  private static int sequenceEnd(String text, int from) {
    if (from == text.length() || text.charAt(from) != '[') {
      return from;
    }
    int at = from + 1;
    while (at < text.length() && text.charAt(at) >= 0x30 && text.charAt(at) <= 0x3f) {
      at++;
    }
    while (at < text.length() && text.charAt(at) >= 0x20 && text.charAt(at) <= 0x2f) {
      at++;
    }
    boolean isFinal = at < text.length() && text.charAt(at) >= 0x40 && text.charAt(at) <= 0x7e;
    return isFinal ? at + 1 : from;
  }

  private boolean findMessage(byte[] bytes, int from, int length) {
    messageRank = Integer.MAX_VALUE;
    JsonText.fields(
        bytes,
        from,
        length,
        (key, keyFrom, keyLength, kind, valueFrom, valueLength) -> {
          if (kind == JsonText.Kind.STRING && keyLength <= 7) {
            int rank =
                MESSAGES.indexOf(new String(key, keyFrom, keyLength, StandardCharsets.UTF_8));
            if (rank >= 0 && rank < messageRank) {
              messageRank = rank;
              messageFrom = valueFrom;
              messageLength = valueLength;
            }
          }
          return "";
        });
    return messageRank < Integer.MAX_VALUE;
  }

  /** Whether the whole line is pairs. */
  private static boolean pairs(String line, LineTokens into) {
    int at = 0;
    int end = line.length();
    int count = 0;
    while (true) {
      int spaces = at;
      while (at < end && line.charAt(at) == ' ') {
        at++;
      }
      spaces = at - spaces;
      if (at == end) {
        into.spacesAtEnd = spaces > 0;
        return count >= 2;
      }
      int keyFrom = at;
      while (at < end && isKey(line.charAt(at))) {
        at++;
      }
      if (at == keyFrom || at == end || line.charAt(at) != '=') {
        return false;
      }
      String key = line.substring(keyFrom, at + 1);
      int valueFrom = ++at;
      if (at < end && line.charAt(at) == '"') {
        at++;
        while (at < end && line.charAt(at) != '"') {
          at += line.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= end) {
          return false;
        }
        at++;
      } else {
        while (at < end && line.charAt(at) != ' ') {
          if (line.charAt(at) == '"') {
            return false;
          }
          at++;
        }
      }
      if (at < end && line.charAt(at) != ' ') {
        return false;
      }
      if (into.size() + 2 > LineTokens.MAX_TOKENS) {
        into.add(line.substring(keyFrom), spaces);
        return true;
      }
      into.add(key, spaces);
      String name = key.substring(0, key.length() - 1).toLowerCase(Locale.ROOT);
      String value = line.substring(valueFrom, at);
      boolean variable =
          VARIABLE.contains(name) || (!value.isEmpty() && LineTokens.isVariable(value));
      into.add(variable ? Template.ANY : value, 0);
      count++;
    }
  }

  private static boolean isKey(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '/';
  }

  private static void words(String line, LineTokens into) {
    int at = 0;
    int end = line.length();
    while (at < end) {
      int from = at;
      boolean gap = false;
      while (at < end && (line.charAt(at) == ' ' || line.charAt(at) == ESCAPE)) {
        gap |= line.charAt(at) == ESCAPE;
        at++;
      }
      int spaces = gap ? LineTokens.GAP : at - from;
      if (at == end) {
        into.spacesAtEnd = true;
        break;
      }
      if (into.size() == LineTokens.MAX_TOKENS - 1) {
        String rest = line.substring(at);
        into.add(rest.indexOf(ESCAPE) < 0 ? rest : Template.ANY, spaces);
        break;
      }
      from = at;
      while (at < end && !isEnd(line.charAt(at))) {
        at++;
      }
      if (at == from) {
        at++;
      }
      String token = line.substring(from, at);
      if (token.equals(")") && spaces == 0 && endsWithFreeBracket(into)) {
        // What is sometimes empty: "from 10.0.0.1 (a.example)" and "from 10.0.0.1 ()".
        into.add(Template.ANY, 0);
      }
      into.add(LineTokens.isVariable(token) ? Template.ANY : token, spaces);
    }
  }

  private static boolean isEnd(char c) {
    return c == ' ' || c == ESCAPE || isSign(c);
  }

  private static boolean endsWithFreeBracket(LineTokens tokens) {
    int last = tokens.size() - 1;
    return last >= 0 && tokens.texts.get(last).equals("(") && tokens.spaces.get(last) > 0;
  }

  /** What stands for itself. Signs that hold names, paths and numbers together are none. */
  private static boolean isSign(char c) {
    if (c < 128) {
      return "=,;()[]{}<>\"'|&?!@#^~`".indexOf(c) >= 0;
    }
    return false;
  }
}
