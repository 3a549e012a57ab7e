// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.List;

/** {@code | label_format a=b,c="{{.d}}"}. */
public final class LabelFormatStage implements Stage {

  public LabelFormatStage(List<LabelFormat> formats) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
