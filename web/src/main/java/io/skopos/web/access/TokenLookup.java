// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import org.jspecify.annotations.Nullable;

/** Where tokens made at run time are kept. Thread-safe; asked with each request, so be quick. */
@FunctionalInterface
public interface TokenLookup {

  TokenLookup NONE = _ -> null;

  /** Asks one, then the other. */
  static TokenLookup either(TokenLookup one, TokenLookup other) {
    return hash -> {
      Caller caller = one.byHash(hash);
      return caller == null ? other.byHash(hash) : caller;
    };
  }

  /**
   * Whose token it is; null when it is unknown, revoked or has expired.
   *
   * @param sha256 of the token's text, in lower-case hexadecimal
   */
  @Nullable Caller byHash(String sha256);
}
