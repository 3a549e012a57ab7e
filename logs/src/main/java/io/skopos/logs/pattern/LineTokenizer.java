// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import io.skopos.logs.language.pipeline.text.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Takes lines apart: JSON by its message, logfmt by its pairs, all else by words and signs. */
final class LineTokenizer {

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
      words(new String(bytes, messageFrom, messageLength, StandardCharsets.UTF_8), into);
      return;
    }
    String line = new String(bytes, from, length, StandardCharsets.UTF_8);
    into.begin(LineTokens.Kind.LOGFMT);
    if (pairs(line, into)) {
      return;
    }
    into.begin(LineTokens.Kind.PLAIN);
    words(line, into);
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
      while (at < end && line.charAt(at) == ' ') {
        at++;
      }
      int spaces = at - from;
      if (at == end) {
        into.spacesAtEnd = true;
        break;
      }
      if (into.size() == LineTokens.MAX_TOKENS - 1) {
        into.add(line.substring(at), spaces);
        break;
      }
      from = at;
      while (at < end && line.charAt(at) != ' ' && !isSign(line.charAt(at))) {
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
