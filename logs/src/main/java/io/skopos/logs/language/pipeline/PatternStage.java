// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** {@code | pattern "<ip> - <_>"}. */
public final class PatternStage implements Stage {

  public PatternStage(String expression) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
