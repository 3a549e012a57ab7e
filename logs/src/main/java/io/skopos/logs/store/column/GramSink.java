// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

/** Is told of the texts a block's lines are made of. */
@FunctionalInterface
public interface GramSink {

  /** Numbers below this have fewer digits than are told of. */
  long LEAST_LONG_NUMBER = 1_000_000_000L;

  /** Nobody listens. */
  GramSink NONE = (_, _, _) -> {};

  void text(byte[] bytes, int from, int to);
}
