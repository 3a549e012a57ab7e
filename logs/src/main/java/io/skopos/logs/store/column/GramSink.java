// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

/** Is told of the texts a block's lines are made of. */
public interface GramSink {

  /** Numbers below this have fewer digits than are told of. */
  long LEAST_LONG_NUMBER = 1_000_000_000L;

  /** Nobody listens. */
  GramSink NONE =
      new GramSink() {
        @Override
        public void text(byte[] bytes, int from, int to) {}

        @Override
        public void run(byte[] bytes, int from, int to) {}
      };

  void text(byte[] bytes, int from, int to);

  /** The same of a text that is one run of at least six letters and digits. */
  void run(byte[] bytes, int from, int to);
}
