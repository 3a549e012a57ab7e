// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

/**
 * Where functions and operators leave warnings and notes. Texts come without the {@code PromQL
 * warning: } or {@code PromQL info: } in front and without the {@code (line:column)} behind; both
 * are added here, and equal texts are kept once. Not thread-safe: every worker has its own.
 */
public interface PositionedAnnotations {

  /**
   * @param position offset of the blamed expression in the query text, as in the syntax tree
   */
  void warn(String text, int position);

  void info(String text, int position);
}
