// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

/**
 * Whose data it is. Part of every key, path and limit.
 *
 * <p>The same rules as Cortex and Mimir, so that ids carry over: 1 to 150 bytes of letters, digits
 * and {@code ! - _ . * ' ( )}, and neither {@code .} nor {@code ..}.
 */
public record TenantId(String value) implements Comparable<TenantId> {

  /** Who a request without a tenant header belongs to. */
  public static final TenantId ANONYMOUS = new TenantId("anonymous");

  public static final int MAX_BYTES = 150;

  public TenantId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("tenant id is empty");
    }
    if (value.length() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "tenant id is " + value.length() + " bytes long, the limit is " + MAX_BYTES);
    }
    if (value.equals(".") || value.equals("..")) {
      throw new IllegalArgumentException("tenant id must not be '.' or '..'");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!-_.*'()".indexOf(c) >= 0;
      if (!allowed) {
        throw new IllegalArgumentException(
            "tenant id '"
                + value
                + "' has the character '"
                + c
                + "' at "
                + i
                + "; allowed are letters, digits and !-_.*'()");
      }
    }
  }

  @Override
  public int compareTo(TenantId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
