// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import org.jspecify.annotations.Nullable;

/** Knows the callers of one kind of credentials. Thread-safe. */
interface CallerSource {

  /**
   * Null when the request shows nothing that this source knows.
   *
   * @throws io.skopos.web.HttpError 401 when it does and it is wrong
   */
  @Nullable Standing find(Presented presented);
}
