// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** Compares a size in bytes, as in {@code 3MB}. */
public final class BytesFilter implements LabelFilter {

  public BytesFilter(String label, Comparison comparison, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
