// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.model.Matcher;

/** Compares a text. The only filter that can drop entries for their {@code __error__}. */
public final class TextFilter implements LabelFilter {

  public TextFilter(Matcher matcher) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
