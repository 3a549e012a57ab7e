// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.web.wire.ProtobufReader;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What bytes were read as lately, found again by the bytes. Bounded: each slot keeps what came last
 * of those that fall into it, and long texts are not kept. Thread-safe without locks.
 */
final class KnownLabels<T> {

  private static final int MAX_BYTES = 4096;

  private final AtomicReferenceArray<@Nullable Known<T>> slots;

  private final long[] seen;

  private record Known<T>(long hash, byte[] bytes, int kind, T value) {}

  /**
   * @param size a power of two
   */
  KnownLabels(int size) {
    slots = new AtomicReferenceArray<>(size);
    seen = new long[size];
  }

  /**
   * @param kind part of the key
   */
  @Nullable T get(byte[] bytes, int from, int to, int kind) {
    long hash = hash(bytes, from, to, kind);
    Known<T> known = slots.get(slot(hash));
    return known != null
            && known.hash == hash
            && known.kind == kind
            && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, to)
        ? known.value
        : null;
  }

  void put(byte[] bytes, int from, int to, int kind, T value) {
    if (to - from > MAX_BYTES) {
      return;
    }
    long hash = hash(bytes, from, to, kind);
    slots.set(slot(hash), new Known<>(hash, Arrays.copyOfRange(bytes, from, to), kind, value));
  }

  /**
   * Whether the bytes came before, lately; from now on they have. What comes only once need not be
   * kept. Threads that ask at the same time may be told that they have not.
   */
  boolean cameBefore(byte[] bytes, int from, int to) {
    long hash = hash(bytes, from, to, 0);
    int slot = slot(hash);
    boolean before = seen[slot] == hash;
    seen[slot] = hash;
    return before;
  }

  private int slot(long hash) {
    return (int) (hash >>> 32) & slots.length() - 1;
  }

  private static long hash(byte[] bytes, int from, int to, int kind) {
    long hash = 0x9E3779B97F4A7C15L * (to - from + 31L * kind + 1);
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = mix(hash ^ ProtobufReader.longAt(bytes, at));
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = rest << 8 | bytes[at] & 0xff;
    }
    return mix(hash ^ rest);
  }

  private static long mix(long value) {
    long mixed = value * 0x9FB21C651E98DF25L;
    return mixed ^ mixed >>> 29;
  }
}
