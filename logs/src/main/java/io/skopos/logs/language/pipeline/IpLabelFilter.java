// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** Looks for an address within a value. Lets entries with an error pass. */
public final class IpLabelFilter implements LabelFilter {

  public IpLabelFilter(String label, boolean negated, String pattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
