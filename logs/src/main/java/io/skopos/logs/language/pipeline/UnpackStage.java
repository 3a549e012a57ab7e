// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** {@code | unpack}. */
public final class UnpackStage implements Stage {

  public UnpackStage() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
