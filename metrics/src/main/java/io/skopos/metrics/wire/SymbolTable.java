// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The strings of a message of remote write 2.0 as places in it, and what has been told so far of
 * each that names a metric. Reused.
 */
final class SymbolTable {

  /** What one huge message may leave behind. */
  private static final int KEPT_SYMBOLS = 64 << 10;

  private byte[] message = new byte[0];
  private int[] from = new int[256];
  private int[] to = new int[256];
  private int size;

  /** By the symbol of a metric's name: type + 1, help and unit of the metadata met last. */
  private int[] toldType = new int[256];

  private int[] toldHelp = new int[256];
  private int[] toldUnit = new int[256];

  void reset(byte[] newMessage) {
    message = newMessage;
    if (from.length > KEPT_SYMBOLS) {
      from = new int[256];
      to = new int[256];
      toldType = new int[256];
      toldHelp = new int[256];
      toldUnit = new int[256];
    }
    Arrays.fill(toldType, 0, Math.min(size, toldType.length), 0);
    size = 0;
  }

  void add(int begin, int end) {
    if (size == from.length) {
      from = Arrays.copyOf(from, size * 2);
      to = Arrays.copyOf(to, size * 2);
      toldType = Arrays.copyOf(toldType, size * 2);
      toldHelp = Arrays.copyOf(toldHelp, size * 2);
      toldUnit = Arrays.copyOf(toldUnit, size * 2);
    }
    from[size] = begin;
    to[size] = end;
    size++;
  }

  int size() {
    return size;
  }

  /** Whether {@code reference}, unsigned, points to a symbol. */
  boolean has(long reference) {
    return reference >= 0 && reference < size;
  }

  int from(int symbol) {
    return from[symbol];
  }

  int to(int symbol) {
    return to[symbol];
  }

  boolean isEmpty(int symbol) {
    return from[symbol] == to[symbol];
  }

  boolean isUtf8(int symbol) {
    return Utf8Check.isValid(message, from[symbol], to[symbol] - from[symbol]);
  }

  String text(int symbol) {
    return new String(message, from[symbol], to[symbol] - from[symbol], StandardCharsets.UTF_8);
  }

  /** Notes metadata of the metric that {@code name} names; false when it was noted just so. */
  boolean tell(int name, int type, int help, int unit) {
    if (toldType[name] == type + 1 && toldHelp[name] == help && toldUnit[name] == unit) {
      return false;
    }
    toldType[name] = type + 1;
    toldHelp[name] = help;
    toldUnit[name] = unit;
    return true;
  }
}
