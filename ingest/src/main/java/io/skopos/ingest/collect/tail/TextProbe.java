// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells files that are logs in text from others that lie beside them: binary ones, compressed ones,
 * and those that were rotated away and nobody writes to any more.
 */
final class TextProbe {

  private static final int PROBE_BYTES = 4096;

  private static final List<String> COMPRESSED =
      List.of(".gz", ".xz", ".bz2", ".zst", ".zip", ".lz4", ".lzma", ".z", ".tgz");

  private static final List<String> BINARY = List.of(".journal", ".journal~", ".db", ".sqlite");

  private static final Pattern ROTATED =
      Pattern.compile(".*(\\.\\d{1,4}|[.-]20\\d{6}(-\\d+)?|\\.old|\\.bak|~)(\\.log)?");

  private final byte[] buffer = new byte[PROBE_BYTES];

  /** Why a file of that name is none to follow; empty when it may be. */
  static String refusal(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (COMPRESSED.stream().anyMatch(lower::endsWith)) {
      return "compressed";
    }
    if (BINARY.stream().anyMatch(lower::endsWith)) {
      return "not text";
    }
    return ROTATED.matcher(lower).matches() ? "rotated" : "";
  }

  /** Whether it begins as text does; an empty one does. */
  boolean isText(Content content) throws IOException {
    int length = content.read(0, buffer, 0, PROBE_BYTES);
    if (TextEncoding.markLength(buffer, length) == 2) {
      return true;
    }
    int odd = 0;
    for (int i = 0; i < length; i++) {
      int b = buffer[i] & 0xff;
      if (b == 0) {
        return false;
      }
      odd += b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != 0x1b ? 1 : 0;
    }
    return odd * 20 <= length;
  }
}
