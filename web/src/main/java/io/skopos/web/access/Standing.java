// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import org.jspecify.annotations.Nullable;

/** Who holds some credentials, asked again with each use. Thread-safe. */
@FunctionalInterface
public interface Standing {

  /** Null once the credentials were withdrawn, changed or have expired. */
  @Nullable Caller now();
}
