// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.LabelBuffer;
import java.nio.charset.StandardCharsets;

/** Writes attributes' keys as label names into a {@link LabelBuffer}, without making strings. */
final class LabelNaming {

  private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);

  private final boolean escaping;
  private final boolean keyBeforeUnderscore;
  private final boolean keepUnderscores;

  LabelNaming(OtlpSettings settings) {
    escaping = settings.translationStrategy().escaping();
    keyBeforeUnderscore = settings.labelNameUnderscoreSanitization();
    keepUnderscores = settings.labelNamePreserveMultipleUnderscores();
  }

  /** Appends the name that a key stands for. */
  void append(LabelBuffer into, byte[] bytes, int from, int to) {
    if (!escaping || isValid(bytes, from, to)) {
      into.append(bytes, from, to - from);
      return;
    }
    byte first = bytes[from];
    boolean underscore = first == '_' || !isNameByte(first);
    int second = next(bytes, from);
    boolean two = keepUnderscores && underscore && second < to && escaped(bytes, second) == '_';
    if (first >= '0' && first <= '9') {
      into.append(KEY);
      into.append((byte) '_');
    } else if (underscore && !two && keyBeforeUnderscore) {
      into.append(KEY);
    }
    boolean afterUnderscore = false;
    for (int at = from; at < to; at = next(bytes, at)) {
      byte b = escaped(bytes, at);
      if (b != '_' || keepUnderscores || !afterUnderscore) {
        into.append(b);
      }
      afterUnderscore = b == '_';
    }
  }

  /** Appends what the byte at {@code at} becomes inside of a name. */
  void appendWithin(LabelBuffer into, byte[] bytes, int at) {
    if (!escaping || isNameByte(bytes[at])) {
      into.append(bytes[at]);
    } else if ((bytes[at] & 0xc0) != 0x80) {
      into.append((byte) '_');
    }
  }

  /** Whether the key is its own name: nothing in it is replaced, and nothing goes before it. */
  boolean isValid(byte[] bytes, int from, int to) {
    if (!escaping) {
      return true;
    }
    boolean underscore = false;
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (!isNameByte(b) || (!keepUnderscores && underscore && b == '_')) {
        return false;
      }
      underscore = b == '_';
    }
    return to == from
        || !(bytes[from] >= '0' && bytes[from] <= '9')
            && !(keyBeforeUnderscore
                && bytes[from] == '_'
                && (to - from < 2 || bytes[from + 1] != '_'));
  }

  private static byte escaped(byte[] bytes, int at) {
    return isNameByte(bytes[at]) ? bytes[at] : (byte) '_';
  }

  /** Behind a whole character: one of several bytes becomes one underscore. */
  private static int next(byte[] bytes, int at) {
    int next = at + 1;
    while (next < bytes.length && (bytes[next] & 0xc0) == 0x80) {
      next++;
    }
    return next;
  }

  private static boolean isNameByte(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
  }
}
