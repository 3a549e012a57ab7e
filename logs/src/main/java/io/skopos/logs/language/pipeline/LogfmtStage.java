// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** {@code | logfmt}. */
public final class LogfmtStage implements Stage {

  public LogfmtStage(boolean strict, boolean keepEmpty) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
