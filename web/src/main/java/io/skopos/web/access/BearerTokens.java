// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import org.jspecify.annotations.Nullable;

/** Callers by the tokens of a {@link TokenLookup}. */
record BearerTokens(TokenLookup lookup) implements CallerSource {

  @Override
  public @Nullable Standing find(Presented presented) {
    String token = presented.authorization("Bearer");
    if (token == null) {
      return null;
    }
    String hash = Secrets.sha256Hex(token);
    return lookup.byHash(hash) == null ? null : () -> lookup.byHash(hash);
  }
}
