// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import io.skopos.web.access.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a token; its secret is not.
 *
 * @param sha256 of the secret, in lower-case hexadecimal
 * @param caller whom it makes its bearer, named as the token
 * @param createdBy empty when access control was off
 * @param lastUsed since the server started; null for not yet
 */
record Token(
    String sha256, Caller caller, Instant created, String createdBy, @Nullable Instant lastUsed) {

  String name() {
    return String.valueOf(caller.name());
  }

  boolean expired(Instant now) {
    Instant expires = caller.expires();
    return expires != null && !now.isBefore(expires);
  }
}
