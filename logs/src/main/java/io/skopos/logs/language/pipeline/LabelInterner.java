// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.model.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives one object for equal canonical bytes. Forgets everything when it has grown to its bound:
 * the next are new objects, equal to the old ones.
 */
final class LabelInterner {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
  private static final int MAX_SETS = 32_768;
  private static final long MAX_BYTES = 16L << 20;

  private @Nullable Labels[] table = new Labels[64];
  private int[] hashes = new int[64];
  private int size;
  private long bytes;

  Labels get(byte[] canonical, int length) {
    if (length == 0) {
      return Labels.EMPTY;
    }
    int hash = hash(canonical, length);
    int mask = table.length - 1;
    int at = hash & mask;
    Labels known = table[at];
    while (known != null) {
      if (hashes[at] == hash) {
        byte[] other = known.canonicalBytes();
        if (Arrays.equals(other, 0, other.length, canonical, 0, length)) {
          return known;
        }
      }
      at = (at + 1) & mask;
      known = table[at];
    }
    return add(Labels.ofCanonicalBytes(Arrays.copyOf(canonical, length)), hash);
  }

  private Labels add(Labels labels, int hash) {
    bytes += labels.canonicalBytes().length;
    if (size == MAX_SETS || bytes > MAX_BYTES) {
      table = new Labels[64];
      hashes = new int[64];
      size = 0;
      bytes = labels.canonicalBytes().length;
    } else if (size * 2 >= table.length) {
      grow();
    }
    place(labels, hash);
    size++;
    return labels;
  }

  private void grow() {
    @Nullable Labels[] before = table;
    int[] beforeHashes = hashes;
    table = new Labels[before.length * 2];
    hashes = new int[before.length * 2];
    for (int i = 0; i < before.length; i++) {
      Labels labels = before[i];
      if (labels != null) {
        place(labels, beforeHashes[i]);
      }
    }
  }

  private void place(Labels labels, int hash) {
    int mask = table.length - 1;
    int at = hash & mask;
    while (table[at] != null) {
      at = (at + 1) & mask;
    }
    table[at] = labels;
    hashes[at] = hash;
  }

  static int hash(byte[] bytes, int length) {
    long hash = length * MULTIPLIER;
    int position = 0;
    for (; position + 8 <= length; position += 8) {
      hash = mix(hash, (long) LONGS.get(bytes, position));
    }
    long tail = 0;
    for (; position < length; position++) {
      tail = (tail << 8) | (bytes[position] & 0xff);
    }
    hash = mix(hash, tail);
    return (int) (hash ^ (hash >>> 32));
  }

  private static long mix(long hash, long word) {
    long mixed = (hash ^ word) * MULTIPLIER;
    return mixed ^ (mixed >>> 29);
  }
}
