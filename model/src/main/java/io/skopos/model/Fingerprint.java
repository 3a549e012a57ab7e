// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A keyed hash of bytes: 64 bits to place them (hash tables, shards), 128 bits to name them. Who
 * looks something up by it compares the bytes as well; the key keeps senders from choosing labels
 * that collide. Immutable.
 *
 * <p>Built from 64 × 64 → 128 bit products as wyhash is (its guarded variant, in which a product of
 * zero does not wipe the state), in two lanes of 16 bytes. Not a cryptographic hash. With the same
 * key the values never change: shards of data directories depend on them.
 */
public final class Fingerprint {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  // wyhash's default secret: odd, 32 bits set, every byte with four.
  private static final long SECRET_0 = 0x2d358dccaa6c78a5L;
  private static final long SECRET_1 = 0x8bb84b93962eacc9L;
  private static final long SECRET_2 = 0x4b33a62ed433d4a3L;
  private static final long SECRET_3 = 0x4d5a2da51de1aa47L;

  private final long seed0;
  private final long seed1;
  private final long seed2;
  private final long seed3;

  public Fingerprint(long key0, long key1) {
    seed0 = mix(key0 ^ SECRET_0, key1 ^ SECRET_1);
    seed1 = mix(key1 ^ SECRET_2, key0 ^ SECRET_3);
    seed2 = mix(seed0 ^ SECRET_2, key1 ^ SECRET_0) ^ key0;
    seed3 = mix(seed1 ^ SECRET_1, key0 ^ SECRET_2) ^ key1;
  }

  /** A key of its own, for tables that live no longer than this process. */
  public static Fingerprint random() {
    SecureRandom random = new SecureRandom();
    return new Fingerprint(random.nextLong(), random.nextLong());
  }

  public long hash64(byte[] bytes, int offset, int length) {
    return hash(bytes, offset, length, null, 0);
  }

  public long hash64(byte[] bytes) {
    return hash64(bytes, 0, bytes.length);
  }

  /** Writes 128 bits to {@code into[at]} (equal to {@link #hash64}) and {@code into[at + 1]}. */
  public void hash128(byte[] bytes, int offset, int length, long[] into, int at) {
    hash(bytes, offset, length, into, at);
  }

  private long hash(byte[] bytes, int offset, int length, long @Nullable [] into, int at) {
    long a = seed0;
    long b = seed1;
    long c = seed2;
    long d = seed3;
    int position = offset;
    int end = offset + length;
    while (end - position >= 32) {
      long x = (long) LONG.get(bytes, position);
      long y = (long) LONG.get(bytes, position + 8);
      long z = (long) LONG.get(bytes, position + 16);
      long w = (long) LONG.get(bytes, position + 24);
      long left = x ^ a;
      long right = y ^ b;
      a ^= left * right + y;
      b ^= Math.unsignedMultiplyHigh(left, right) + x;
      left = z ^ c;
      right = w ^ d;
      c ^= left * right + w;
      d ^= Math.unsignedMultiplyHigh(left, right) + z;
      position += 32;
    }
    if (end - position >= 16) {
      long x = (long) LONG.get(bytes, position);
      long y = (long) LONG.get(bytes, position + 8);
      long left = x ^ a;
      long right = y ^ b;
      a ^= left * right + y;
      b ^= Math.unsignedMultiplyHigh(left, right) + x;
      position += 16;
    }
    long x;
    long y;
    int rest = end - position;
    if (rest >= 8) {
      x = (long) LONG.get(bytes, position);
      y = tail(bytes, position + 8, rest - 8);
    } else {
      x = tail(bytes, position, rest);
      y = 0;
    }
    c ^= x;
    d ^= y + length;
    long first = mix(a ^ c ^ SECRET_0, b ^ rotate(d) ^ SECRET_1);
    long second = mix(c ^ first ^ SECRET_2, d ^ rotate(b) ^ SECRET_3);
    long low = mix(first ^ SECRET_3, second ^ a ^ length);
    if (into != null) {
      into[at] = low;
      into[at + 1] = mix(second ^ SECRET_1, first ^ d ^ seed3) ^ low;
    }
    return low;
  }

  /** Fewer than eight bytes, little endian. */
  private static long tail(byte[] bytes, int position, int length) {
    if (length >= 4) {
      long low = (int) INT.get(bytes, position) & 0xffff_ffffL;
      long high = (int) INT.get(bytes, position + length - 4) & 0xffff_ffffL;
      return low | high << ((length - 4) * 8);
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes[position + i] & 0xffL) << (i * 8);
    }
    return value;
  }

  private static long rotate(long value) {
    return Long.rotateLeft(value, 32);
  }

  private static long mix(long left, long right) {
    return left * right ^ Math.unsignedMultiplyHigh(left, right);
  }
}
