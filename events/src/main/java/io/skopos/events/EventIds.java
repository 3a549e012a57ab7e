// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Ids that sort by the time they were made: 48 bits of milliseconds, 80 random bits, in Crockford's
 * base 32 (as ULID).
 */
public final class EventIds {

  private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  public EventIds(InstantSource clock) {
    this.clock = clock;
  }

  public String next() {
    char[] id = new char[26];
    long millis = clock.millis();
    for (int i = 9; i >= 0; i--) {
      id[i] = ALPHABET[(int) (millis & 31)];
      millis >>>= 5;
    }
    for (int i = 10; i < id.length; i++) {
      id[i] = ALPHABET[random.nextInt(32)];
    }
    return new String(id);
  }
}
