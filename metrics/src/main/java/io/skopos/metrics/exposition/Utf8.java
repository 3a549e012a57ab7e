// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/** Whether bytes are well-formed UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF). */
final class Utf8 {

  private Utf8() {}

  static boolean isValid(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int b = bytes[at++];
      if (b >= 0) {
        continue;
      }
      b &= 0xff;
      int more;
      int least;
      int code;
      if (b >= 0xc2 && b <= 0xdf) {
        more = 1;
        least = 0x80;
        code = b & 0x1f;
      } else if (b >= 0xe0 && b <= 0xef) {
        more = 2;
        least = 0x800;
        code = b & 0x0f;
      } else if (b >= 0xf0 && b <= 0xf4) {
        more = 3;
        least = 0x10000;
        code = b & 0x07;
      } else {
        return false;
      }
      if (to - at < more) {
        return false;
      }
      for (int i = 0; i < more; i++) {
        int next = bytes[at++];
        if ((next & 0xc0) != 0x80) {
          return false;
        }
        code = (code << 6) | (next & 0x3f);
      }
      if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return false;
      }
    }
    return true;
  }
}
