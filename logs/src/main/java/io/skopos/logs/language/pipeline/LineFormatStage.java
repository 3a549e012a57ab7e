// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** {@code | line_format "{{.level}}"}. */
public final class LineFormatStage implements Stage {

  public LineFormatStage(String template) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean process(EntryState state) {
    throw new UnsupportedOperationException();
  }
}
