// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/** {@code | logfmt level, code="status"}. */
public final class LogfmtExpressionStage implements Stage {

  public LogfmtExpressionStage(boolean strict, boolean keepEmpty, List<Extraction> extractions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
