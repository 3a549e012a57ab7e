// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

/** A template cannot be parsed, or cannot go on. The text is for the user. */
public final class TemplateFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TemplateFailed(String message) {
    super(message, null, false, false);
  }
}
