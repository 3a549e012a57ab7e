// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** The right one is run when the left one does not hold. */
public final class EitherFilter implements LabelFilter {

  public EitherFilter(LabelFilter left, LabelFilter right) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
