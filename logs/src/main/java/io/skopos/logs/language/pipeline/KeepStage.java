// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/** {@code | keep level, method="GET"}. */
public final class KeepStage implements Stage {

  public KeepStage(List<LabelChoice> choices) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
