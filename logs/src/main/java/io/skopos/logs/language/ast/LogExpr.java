// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.model.Matcher;
import java.util.List;

/**
 * A selector of streams and the stages their entries go through: {@code {app="a"} |= "x" | json}.
 */
public record LogExpr(List<Matcher> matchers, List<Stage> stages) implements Expr {

  public LogExpr {
    matchers = List.copyOf(matchers);
    stages = List.copyOf(stages);
  }
}
