// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.text;

import io.skopos.engine.text.StringSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Finds addresses within a text, as {@code ip("10.0.0.0/8")} does: one address, a range {@code
 * a-b}, or a CIDR block, of either version.
 */
public final class IpFilter {

  private final IpAddress least;
  private final IpAddress greatest;

  /**
   * @throws IllegalArgumentException when the pattern is none of these
   */
  public IpFilter(String pattern) {
    IpAddress[] bounds = bounds(pattern);
    if (bounds == null) {
      throw new IllegalArgumentException("ip: invalid pattern: " + StringSyntax.quote(pattern));
    }
    this.least = bounds[0];
    this.greatest = bounds[1];
  }

  private static IpAddress @Nullable [] bounds(String pattern) {
    IpAddress single = IpAddress.parse(pattern);
    if (single != null) {
      return new IpAddress[] {single, single};
    }
    int slash = pattern.indexOf('/');
    if (slash >= 0) {
      IpAddress address = IpAddress.parse(pattern.substring(0, slash));
      String bits = pattern.substring(slash + 1);
      boolean number =
          !bits.isEmpty()
              && bits.length() <= 3
              && bits.chars().allMatch(c -> c >= '0' && c <= '9')
              && (bits.length() == 1 || bits.charAt(0) != '0');
      if (address == null || !number || Integer.parseInt(bits) > (address.four() ? 32 : 128)) {
        return null;
      }
      int kept = Integer.parseInt(bits);
      return new IpAddress[] {address.edge(kept, false), address.edge(kept, true)};
    }
    int dash = pattern.indexOf('-');
    if (dash >= 0) {
      IpAddress from = IpAddress.parse(pattern.substring(0, dash));
      IpAddress to = IpAddress.parse(pattern.substring(dash + 1));
      if (from != null && to != null && from.four() == to.four() && from.compareTo(to) <= 0) {
        return new IpAddress[] {from, to};
      }
    }
    return null;
  }

  private boolean contains(IpAddress address) {
    return address.four() == least.four()
        && address.compareTo(least) >= 0
        && address.compareTo(greatest) <= 0;
  }

  /** Whether any address in the text fits. */
  public boolean matches(byte[] bytes, int from, int length) {
    int end = from + length;
    for (int at = from; at < end; at++) {
      byte c = bytes[at];
      if (!isHex(c) && c != ':') {
        continue;
      }
      if (at + 3 < end && startsFour(bytes, at)) {
        int stop = at;
        while (stop < end && (isDigit(bytes[stop]) || bytes[stop] == '.')) {
          stop++;
        }
        if (fits(bytes, at, stop)) {
          return true;
        }
        at = stop;
      } else if (at + 4 < end && startsSix(bytes, at)) {
        int stop = at;
        while (stop < end && (isHex(bytes[stop]) || bytes[stop] == ':' || bytes[stop] == '.')) {
          stop++;
        }
        if (fits(bytes, at, stop)) {
          return true;
        }
        at = stop;
      }
    }
    return false;
  }

  private boolean fits(byte[] bytes, int from, int end) {
    IpAddress address = end - from > 45 ? null : IpAddress.parse(bytes, from, end);
    return address != null && contains(address);
  }

  private static boolean startsFour(byte[] bytes, int at) {
    return isDigit(bytes[at])
        && (bytes[at + 1] == '.' || bytes[at + 2] == '.' || bytes[at + 3] == '.');
  }

  private static boolean startsSix(byte[] bytes, int at) {
    if (bytes[at] == ':') {
      return bytes[at + 1] == ':' && isHex(bytes[at + 2]);
    }
    for (int i = 1; i <= 4; i++) {
      if (bytes[at + i] == ':') {
        return true;
      }
      if (!isHex(bytes[at + i])) {
        return false;
      }
    }
    return false;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHex(byte c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
