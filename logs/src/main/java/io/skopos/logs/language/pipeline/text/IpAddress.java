// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An address of either version, as 128 bits. An IPv4 address within IPv6 is not the IPv4 address.
 */
record IpAddress(boolean four, long high, long low) implements Comparable<IpAddress> {

  static @Nullable IpAddress parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  static @Nullable IpAddress parse(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] == '.') {
        long four = parseFour(bytes, from, end);
        return four < 0 ? null : new IpAddress(true, 0, four);
      }
      if (bytes[at] == ':') {
        return parseSix(bytes, from, end);
      }
    }
    return null;
  }

  private static long parseFour(byte[] bytes, int from, int end) {
    long value = 0;
    int at = from;
    for (int field = 0; field < 4; field++) {
      if (field > 0) {
        if (at >= end || bytes[at] != '.') {
          return -1;
        }
        at++;
      }
      int start = at;
      int number = 0;
      while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - start < 3) {
        number = number * 10 + (bytes[at] - '0');
        at++;
      }
      if (at == start || number > 255 || (at - start > 1 && bytes[start] == '0')) {
        return -1;
      }
      value = (value << 8) | number;
    }
    return at == end ? value : -1;
  }

  private static @Nullable IpAddress parseSix(byte[] bytes, int from, int end) {
    int[] groups = new int[8];
    int count = 0;
    int gap = -1;
    int at = from;
    if (end - at >= 2 && bytes[at] == ':' && bytes[at + 1] == ':') {
      gap = 0;
      at += 2;
    }
    while (at < end && count < 8) {
      int start = at;
      int number = 0;
      while (at < end && Character.digit(bytes[at], 16) >= 0 && at - start < 5) {
        number = (number << 4) | Character.digit(bytes[at], 16);
        at++;
      }
      if (at == start || at - start > 4) {
        return null;
      }
      if (at < end && bytes[at] == '.') {
        long four = count > 6 ? -1 : parseFour(bytes, start, end);
        if (four < 0) {
          return null;
        }
        groups[count++] = (int) (four >>> 16);
        groups[count++] = (int) (four & 0xffff);
        at = end;
        break;
      }
      groups[count++] = number;
      if (at == end) {
        break;
      }
      if (bytes[at] != ':' || at + 1 == end) {
        return null;
      }
      at++;
      if (bytes[at] == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = count;
        at++;
      }
    }
    if (at != end || (gap < 0 ? count != 8 : count > 7)) {
      return null;
    }
    int[] full = new int[8];
    for (int i = 0; i < count; i++) {
      full[gap >= 0 && i >= gap ? 8 - count + i : i] = groups[i];
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < 4; i++) {
      high = (high << 16) | full[i];
      low = (low << 16) | full[i + 4];
    }
    return new IpAddress(false, high, low);
  }

  /** The first or the last address that has the same leading bits. */
  IpAddress edge(int bits, boolean last) {
    int kept = four ? bits + 96 : bits;
    long highMask = kept == 0 ? 0 : kept >= 64 ? -1L : -1L << (64 - kept);
    long lowMask = kept <= 64 ? 0 : kept == 128 ? -1L : -1L << (128 - kept);
    if (four) {
      long mask = lowMask & 0xffff_ffffL;
      return new IpAddress(true, 0, last ? low | (~mask & 0xffff_ffffL) : low & mask);
    }
    return last
        ? new IpAddress(false, high | ~highMask, low | ~lowMask)
        : new IpAddress(false, high & highMask, low & lowMask);
  }

  @Override
  public int compareTo(IpAddress other) {
    int order = Boolean.compare(other.four, four);
    if (order == 0) {
      order = Long.compareUnsigned(high, other.high);
    }
    return order == 0 ? Long.compareUnsigned(low, other.low) : order;
  }
}
