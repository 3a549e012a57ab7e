// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.security.SecureRandom;

/** Names of blocks: 48 bits of milliseconds, 80 of chance, in Crockford's base 32. */
final class Ulid {

  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ulid() {}

  static String create(long timeMs) {
    char[] text = new char[26];
    for (int i = 0; i < 10; i++) {
      text[i] = DIGITS[(int) (timeMs >>> (45 - 5 * i)) & 31];
    }
    for (int i = 10; i < 26; i++) {
      text[i] = DIGITS[RANDOM.nextInt(32)];
    }
    return new String(text);
  }
}
