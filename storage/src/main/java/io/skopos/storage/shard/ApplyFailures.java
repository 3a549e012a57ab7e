// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.shard;

import io.skopos.storage.Frame;

/** Told about frames that are durable but that a store could not apply. */
@FunctionalInterface
public interface ApplyFailures {

  /** Called on the shard's thread; must not throw. */
  void notApplied(Frame frame, long position, Throwable cause);
}
