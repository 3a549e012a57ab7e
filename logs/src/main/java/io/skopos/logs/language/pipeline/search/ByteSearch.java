// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds one text. Eight places are looked at in one step: of the text's bytes, those two that are
 * rarest in logs have to be where they should be; only then the whole text is compared.
 */
public final class ByteSearch {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  /** What is common in logs, the most common first. */
  private static final String COMMON =
      " e0ta1ionsr2\"lcd=:3.-5m/4pu6h,87_g9fbvT[]IykwESDRNOAxLC(){}PM'UFjzqGBHW";

  private static final byte[] RARITY = new byte[256];

  static {
    java.util.Arrays.fill(RARITY, (byte) 127);
    for (int i = 0; i < COMMON.length(); i++) {
      RARITY[COMMON.charAt(i)] = (byte) i;
    }
  }

  private final byte[] needle;
  private final boolean ignoreCase;
  private final int first;
  private final int second;
  private final long firstMask;
  private final long firstBytes;
  private final long secondMask;
  private final long secondBytes;

  public ByteSearch(byte[] needle) {
    this(needle, false);
  }

  /**
   * @param ignoreCase of ASCII letters
   */
  public ByteSearch(byte[] needle, boolean ignoreCase) {
    this.needle = needle.clone();
    this.ignoreCase = ignoreCase;
    if (ignoreCase) {
      for (int i = 0; i < needle.length; i++) {
        this.needle[i] = lower(needle[i]);
      }
    }
    int rarest = rarest(-1);
    int next = needle.length > 1 ? rarest(rarest) : rarest;
    this.first = Math.min(rarest, next);
    this.second = Math.max(rarest, next);
    this.firstMask = mask(first);
    this.firstBytes = spread(first) | firstMask;
    this.secondMask = mask(second);
    this.secondBytes = spread(second) | secondMask;
  }

  private int rarest(int not) {
    int best = -1;
    for (int i = 0; i < needle.length; i++) {
      if (i == not || (not >= 0 && needle[i] == needle[not] && best >= 0)) {
        continue;
      }
      if (best < 0 || rarity(i) > rarity(best)) {
        best = i;
      }
    }
    return Math.max(best, 0);
  }

  private int rarity(int at) {
    byte c = needle[at];
    int rarity = RARITY[c & 0xff];
    return ignoreCase && isLetter(c) ? Math.min(rarity, RARITY[c - 32]) : rarity;
  }

  private long mask(int at) {
    return ignoreCase && at < needle.length && isLetter(needle[at]) ? ONES * 0x20 : 0;
  }

  private long spread(int at) {
    return at < needle.length ? ONES * (needle[at] & 0xff) : 0;
  }

  public int length() {
    return needle.length;
  }

  public boolean isIn(byte[] bytes, int from, int length) {
    return find(bytes, from, from + length) >= 0;
  }

  /** Where it begins first in {@code [from, end)}; -1 when it is not there. */
  public int find(byte[] bytes, int from, int end) {
    int last = end - needle.length;
    if (needle.length == 0) {
      return from <= end ? from : -1;
    }
    int at = from;
    // Reads beyond the end are within the array and rejected by their place.
    int fast = Math.min(last, bytes.length - second - 32);
    while (at <= fast) {
      long a = matches(bytes, at);
      long b = matches(bytes, at + 8);
      long c = matches(bytes, at + 16);
      long d = matches(bytes, at + 24);
      if ((a | b | c | d) != 0) {
        int found = verify(bytes, at, a, last);
        found = found < 0 ? verify(bytes, at + 8, b, last) : found;
        found = found < 0 ? verify(bytes, at + 16, c, last) : found;
        found = found < 0 ? verify(bytes, at + 24, d, last) : found;
        if (found >= 0) {
          return found;
        }
      }
      at += 32;
    }
    for (; at <= last; at++) {
      if (isAt(bytes, at)) {
        return at;
      }
    }
    return -1;
  }

  private long matches(byte[] bytes, int at) {
    long left = (((long) LONGS.get(bytes, at + first)) | firstMask) ^ firstBytes;
    long right = (((long) LONGS.get(bytes, at + second)) | secondMask) ^ secondBytes;
    long both = left | right;
    return (both - ONES) & ~both & HIGHS;
  }

  private int verify(byte[] bytes, int at, long candidates, int last) {
    long rest = candidates;
    while (rest != 0) {
      int place = at + (Long.numberOfTrailingZeros(rest) >>> 3);
      if (place > last) {
        return -1;
      }
      if (isAt(bytes, place)) {
        return place;
      }
      rest &= rest - 1;
    }
    return -1;
  }

  private boolean isAt(byte[] bytes, int at) {
    if (ignoreCase) {
      for (int i = 0; i < needle.length; i++) {
        if (lower(bytes[at + i]) != needle[i]) {
          return false;
        }
      }
      return true;
    }
    for (int i = 0; i < needle.length; i++) {
      if (bytes[at + i] != needle[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(byte c) {
    return c >= 'a' && c <= 'z';
  }

  private static byte lower(byte c) {
    return c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
  }

  /** Whether any byte is not ASCII. */
  public static boolean hasNonAscii(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = from;
    long seen = 0;
    for (; at + 8 <= end; at += 8) {
      seen |= (long) LONGS.get(bytes, at);
    }
    for (; at < end; at++) {
      seen |= bytes[at];
    }
    return (seen & HIGHS) != 0;
  }
}
