// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import java.util.List;

/** A rule file that cannot be used, and everything that is wrong with it. */
public final class RuleFileRefused extends Exception {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // an immutable list of texts
  private final List<String> problems;

  RuleFileRefused(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** At least one, each beginning with line and column where they are known. */
  public List<String> problems() {
    return problems;
  }
}
