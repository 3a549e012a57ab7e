// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/** {@code | json code="response.status"}. */
public final class JsonExpressionStage implements Stage {

  public JsonExpressionStage(List<Extraction> extractions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
