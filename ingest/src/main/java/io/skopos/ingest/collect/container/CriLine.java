// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

/**
 * Reads lines of the container runtime interface: {@code 2024-05-01T12:34:56.1Z stdout F content},
 * where the tag begins with P for a line that goes on and F for its end.
 */
public final class CriLine {

  private CriLine() {}

  /** False when the bytes are no such line; {@code into} is then undefined. */
  public static boolean parse(byte[] bytes, int from, int to, ContainerLine into) {
    int timeEnd = space(bytes, from, to);
    int streamEnd = timeEnd < 0 ? -1 : space(bytes, timeEnd + 1, to);
    if (streamEnd < 0) {
      return false;
    }
    long time = Rfc3339.parse(bytes, from, timeEnd);
    if (time == Rfc3339.NONE || streamEnd - timeEnd != 7) {
      return false;
    }
    int s = timeEnd + 1;
    boolean std = bytes[s] == 's' && bytes[s + 1] == 't' && bytes[s + 2] == 'd';
    boolean out = bytes[s + 3] == 'o' && bytes[s + 4] == 'u' && bytes[s + 5] == 't';
    boolean err = bytes[s + 3] == 'e' && bytes[s + 4] == 'r' && bytes[s + 5] == 'r';
    if (!std || !out && !err) {
      return false;
    }
    int tagEnd = space(bytes, streamEnd + 1, to);
    int tagTo = tagEnd < 0 ? to : tagEnd;
    if (tagTo == streamEnd + 1) {
      return false;
    }
    // Tags are separated by colons; only the first one is defined.
    boolean single = tagTo == streamEnd + 2 || bytes[streamEnd + 2] == ':';
    into.timeNs = time;
    into.stream = out ? ContainerLine.Stream.STDOUT : ContainerLine.Stream.STDERR;
    into.partial = single && bytes[streamEnd + 1] == 'P';
    into.bytes = bytes;
    into.from = tagEnd < 0 ? to : tagEnd + 1;
    into.length = to - into.from;
    return true;
  }

  private static int space(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == ' ') {
        return i;
      }
    }
    return -1;
  }
}
