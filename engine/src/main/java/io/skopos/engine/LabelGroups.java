// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Gives dense ids, in order of first appearance, to what a {@link LabelSelection} leaves of label
 * sets: the groups of an aggregation, the match groups of a binary operator, the rows of a result.
 * Ids are computed once per series and used for all its steps. Not thread-safe.
 */
public final class LabelGroups {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final LabelSelection selection;
  private byte[] scratch = new byte[512];
  private Labels[] labels = new Labels[16];
  private long[] hashes = new long[16];
  private int[] slots = new int[64];
  private int size;

  public LabelGroups(LabelSelection selection) {
    this.selection = selection;
    Arrays.fill(slots, -1);
  }

  /** Whole label sets are the groups. */
  public static LabelGroups whole() {
    return new LabelGroups(LabelSelection.dropping(java.util.List.of()));
  }

  public int size() {
    return size;
  }

  /** What was left of the group's members. */
  public Labels labels(int group) {
    return labels[group];
  }

  /** The group of a label set, new or known. */
  public int idOf(Labels member) {
    byte[] bytes = member.canonicalBytes();
    if (bytes.length > scratch.length) {
      scratch = new byte[Math.max(bytes.length, scratch.length * 2)];
    }
    int length = selection.copy(bytes, scratch);
    long hash = hash(scratch, length);
    int slot = find(hash, length);
    if (slots[slot] >= 0) {
      return slots[slot];
    }
    if (size == labels.length) {
      labels = Arrays.copyOf(labels, size * 2);
      hashes = Arrays.copyOf(hashes, size * 2);
    }
    labels[size] =
        length == bytes.length ? member : Labels.ofCanonicalBytes(Arrays.copyOf(scratch, length));
    hashes[size] = hash;
    slots[slot] = size;
    size++;
    if (size * 2 > slots.length) {
      rehash();
    }
    return size - 1;
  }

  /** Ids of all series of a block. */
  public int[] idsOf(StepBlock block) {
    int[] ids = new int[block.size()];
    for (int series = 0; series < ids.length; series++) {
      ids[series] = idOf(block.labels(series));
    }
    return ids;
  }

  private int find(long hash, int length) {
    int mask = slots.length - 1;
    int slot = (int) (hash >>> 32) & mask;
    while (slots[slot] >= 0) {
      int group = slots[slot];
      if (hashes[group] == hash) {
        byte[] known = labels[group].canonicalBytes();
        if (Arrays.equals(known, 0, known.length, scratch, 0, length)) {
          return slot;
        }
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    Arrays.fill(slots, -1);
    int mask = slots.length - 1;
    for (int group = 0; group < size; group++) {
      int slot = (int) (hashes[group] >>> 32) & mask;
      while (slots[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = group;
    }
  }

  private static long hash(byte[] bytes, int length) {
    long hash = length * MULTIPLIER;
    int position = 0;
    for (; position + 8 <= length; position += 8) {
      hash = mix(hash, (long) LONGS.get(bytes, position));
    }
    long tail = 0;
    for (; position < length; position++) {
      tail = (tail << 8) | (bytes[position] & 0xff);
    }
    return mix(hash, tail);
  }

  private static long mix(long hash, long word) {
    long mixed = (hash ^ word) * MULTIPLIER;
    return mixed ^ (mixed >>> 29);
  }
}
