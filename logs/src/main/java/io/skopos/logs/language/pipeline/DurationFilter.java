// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** Compares a duration, as Go writes them. */
public final class DurationFilter implements LabelFilter {

  public DurationFilter(String label, Comparison comparison, long nanos) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
