// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** {@code | regexp "(?P<method>\\w+)"}. */
public final class RegexpStage implements Stage {

  public RegexpStage(String expression) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
