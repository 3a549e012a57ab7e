// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * 128 bits that no two parts share: 48 of the time in ms at which writing began, the rest random
 * (the order of UUID version 7). So a part's age is known from its key alone.
 */
public record PartId(long high, long low) {

  private static final RandomGenerator RANDOM = new SecureRandom();

  public static PartId create(long nowMs) {
    return new PartId((nowMs << 16) | (RANDOM.nextLong() & 0xffff), RANDOM.nextLong());
  }

  public long createdMs() {
    return high >>> 16;
  }

  public static @Nullable PartId parse(String hex) {
    try {
      return hex.length() != 32
          ? null
          : new PartId(
              HexFormat.fromHexDigitsToLong(hex, 0, 16),
              HexFormat.fromHexDigitsToLong(hex, 16, 32));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
