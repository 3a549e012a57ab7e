// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import io.skopos.engine.text.StringSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code key=value key="quoted value" key} pairs, one after another. After an error reading
 * can go on behind the bad pair.
 */
public final class LogfmtText {

  private byte[] bytes = new byte[0];
  private int from;
  private int at;
  private int end;
  private String problem = "";

  public int keyFrom;
  public int keyLength;

  /** The array the value stands in: the text's own, or another when it had escapes. */
  public byte[] value = bytes;

  public int valueFrom;
  public int valueLength;

  public void reset(byte[] text, int textFrom, int length) {
    bytes = text;
    from = textFrom;
    at = textFrom;
    end = textFrom + length;
    problem = "";
  }

  public boolean atEnd() {
    return at >= end;
  }

  /** What was wrong last; empty when nothing was. */
  public String problem() {
    return problem;
  }

  /**
   * @return whether there is a pair; when not, the text has ended or the pair was bad
   */
  public boolean next() {
    value = bytes;
    valueFrom = at;
    valueLength = 0;
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    if (at == end) {
      return false;
    }
    int start = at;
    boolean ascii = true;
    while (at < end) {
      byte c = bytes[at];
      if (c == '=' || c == '"' || isSpace(c)) {
        break;
      }
      ascii &= c >= 0;
      at++;
    }
    keyFrom = start;
    keyLength = at - start;
    if (at < end && bytes[at] == '"') {
      return unexpected();
    }
    if (at < end && bytes[at] == '=' && keyLength == 0) {
      return unexpected();
    }
    if (!ascii && Utf8.hasReplacement(bytes, keyFrom, keyLength)) {
      return wrong("invalid key");
    }
    if (at == end || bytes[at] != '=') {
      return true;
    }
    at++;
    if (at == end || isSpace(bytes[at])) {
      return true;
    }
    return bytes[at] == '"' ? quoted() : plain();
  }

  private boolean plain() {
    valueFrom = at;
    while (at < end) {
      byte c = bytes[at];
      if (c == '=' || c == '"') {
        return unexpected();
      }
      if (isSpace(c)) {
        break;
      }
      at++;
    }
    valueLength = at - valueFrom;
    return true;
  }

  private boolean quoted() {
    int start = at + 1;
    boolean escapes = false;
    for (int i = start; i < end; i++) {
      byte c = bytes[i];
      if (c == '\\') {
        escapes = true;
        i++;
      } else if (c == '"') {
        at = i + 1;
        valueFrom = start;
        valueLength = i - start;
        if (escapes) {
          byte[] unquoted = unquote(start, i);
          if (unquoted == null) {
            problem("invalid quoted value");
            return false;
          }
          value = unquoted;
          valueFrom = 0;
          valueLength = unquoted.length;
        }
        return true;
      }
    }
    at = end;
    problem("unterminated quoted value");
    return false;
  }

  private byte @Nullable [] unquote(int start, int stop) {
    for (int i = start; i < stop; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ') {
        return null;
      }
    }
    byte[] into = new byte[stop - start];
    int length = JsonText.unescape(bytes, start, stop - start, into, 0);
    return length < 0 ? null : java.util.Arrays.copyOf(into, length);
  }

  private boolean unexpected() {
    return wrong("unexpected " + StringSyntax.quote(bytes[at]));
  }

  private boolean wrong(String what) {
    problem(what);
    while (at < end && !isSpace(bytes[at])) {
      at++;
    }
    return false;
  }

  private void problem(String what) {
    problem = "logfmt syntax error at pos " + (at - from + 1) + " : " + what;
  }

  private static boolean isSpace(byte c) {
    return c >= 0 && c <= ' ';
  }
}
