// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import java.nio.charset.StandardCharsets;

/** What is not UTF-8. */
public final class Utf8 {

  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** Whether there is the replacement character, or what would be read as one. */
  public static boolean hasReplacement(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    while (at < end && bytes[at] >= 0) {
      at++;
    }
    return at < end
        && new String(bytes, at, end - at, StandardCharsets.UTF_8).indexOf(REPLACEMENT) >= 0;
  }

  /** Spaces in place of replacement characters, which label values must not have. */
  public static byte[] withoutReplacement(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.UTF_8)
        .replace(REPLACEMENT, ' ')
        .getBytes(StandardCharsets.UTF_8);
  }

  static int write(int code, byte[] into, int start) {
    int at = start;
    if (code < 0x80) {
      into[at++] = (byte) code;
    } else if (code < 0x800) {
      into[at++] = (byte) (0xc0 | (code >> 6));
      into[at++] = (byte) (0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      into[at++] = (byte) (0xe0 | (code >> 12));
      into[at++] = (byte) (0x80 | ((code >> 6) & 0x3f));
      into[at++] = (byte) (0x80 | (code & 0x3f));
    } else {
      into[at++] = (byte) (0xf0 | (code >> 18));
      into[at++] = (byte) (0x80 | ((code >> 12) & 0x3f));
      into[at++] = (byte) (0x80 | ((code >> 6) & 0x3f));
      into[at++] = (byte) (0x80 | (code & 0x3f));
    }
    return at;
  }
}
