// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.wire;

/** Whether bytes are well-formed UTF-8, quickly when they are ASCII. */
public final class Utf8Check {

  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8Check() {}

  public static boolean isAscii(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    for (; at + 8 <= end; at += 8) {
      if ((ProtobufReader.longAt(bytes, at) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; at < end; at++) {
      if (bytes[at] < 0) {
        return false;
      }
    }
    return true;
  }

  /** RFC 3629: shortest form, no surrogates, nothing above U+10FFFF. */
  public static boolean isValid(byte[] bytes, int from, int length) {
    if (isAscii(bytes, from, length)) {
      return true;
    }
    int end = from + length;
    int at = from;
    while (at < end) {
      int lead = bytes[at++] & 0xff;
      if (lead < 0x80) {
        continue;
      }
      int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
      if (lead < 0xc2 || lead > 0xf4 || end - at < more) {
        return false;
      }
      int second = bytes[at] & 0xff;
      int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      if (second < least || second > most) {
        return false;
      }
      for (int i = 1; i < more; i++) {
        if ((bytes[at + i] & 0xc0) != 0x80) {
          return false;
        }
      }
      at += more;
    }
    return true;
  }
}
