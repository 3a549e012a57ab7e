// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** 128 bits of a hash of object, part and block; objects are never replaced, so it says it all. */
record BlockKey(long high, long low) {

  private static final int NAME_LENGTH = 32;

  static BlockKey of(String object, long partOffset, int number) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(object.getBytes(StandardCharsets.UTF_8));
      ByteBuffer hash =
          ByteBuffer.wrap(
              digest.digest(
                  ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                      .putLong(partOffset)
                      .putInt(number)
                      .array()));
      return new BlockKey(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static @Nullable BlockKey parse(String name) {
    try {
      return name.length() == NAME_LENGTH
          ? new BlockKey(
              HexFormat.fromHexDigitsToLong(name, 0, 16),
              HexFormat.fromHexDigitsToLong(name, 16, NAME_LENGTH))
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What its file is called. */
  String name() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }

  /** One of 256 folders, so that none grows too large. */
  String folder() {
    return HexFormat.of().toHexDigits((byte) (high >>> 56));
  }
}
