// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

/** What an object may be called; see {@link ObjectStore}. */
public final class ObjectKeys {

  static final int MAX_LENGTH = 1024;
  static final int MAX_SEGMENT_LENGTH = 255;

  private ObjectKeys() {}

  /** Throws an {@link IllegalArgumentException} that says what is wrong with the key. */
  public static void check(String key) {
    if (key.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "object key of " + key.length() + " characters, the limit is " + MAX_LENGTH);
    }
    int segmentStart = 0;
    for (int i = 0; i <= key.length(); i++) {
      if (i == key.length() || key.charAt(i) == '/') {
        checkSegment(key, segmentStart, i);
        segmentStart = i + 1;
      } else if (!isAllowed(key.charAt(i))) {
        throw new IllegalArgumentException(
            "object key '" + key + "' has the character '" + key.charAt(i) + "' at " + i);
      }
    }
  }

  /** Whether a store may be asked for it. */
  public static boolean isKey(String key) {
    try {
      check(key);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!-_.*'()".indexOf(c) >= 0;
  }

  private static void checkSegment(String key, int start, int end) {
    int length = end - start;
    if (length == 0) {
      throw new IllegalArgumentException("object key '" + key + "' has an empty segment");
    }
    if (length > MAX_SEGMENT_LENGTH) {
      throw new IllegalArgumentException(
          "object key '"
              + key
              + "' has a segment of "
              + length
              + " characters, the limit is "
              + MAX_SEGMENT_LENGTH);
    }
    if (key.charAt(start) == '.'
        && (length == 1 || (length == 2 && key.charAt(start + 1) == '.'))) {
      throw new IllegalArgumentException("object key '" + key + "' has the segment '.' or '..'");
    }
  }
}
