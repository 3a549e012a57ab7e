// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.RequestHeaders;

/** Tells who sends a request. Thread-safe. */
interface Access {

  Access OPEN = _ -> Caller.ANYONE;

  /** Throws a 401 when the credentials are missing or wrong. */
  Caller authenticate(RequestHeaders headers);
}
