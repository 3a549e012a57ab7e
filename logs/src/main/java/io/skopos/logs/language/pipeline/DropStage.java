// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/** {@code | drop level, method="GET"}. */
public final class DropStage implements Stage {

  public DropStage(List<LabelChoice> choices) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
