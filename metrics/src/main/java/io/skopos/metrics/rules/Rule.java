// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import io.skopos.metrics.language.ast.Expr;
import java.time.Duration;
import java.util.Map;

/** A rule of a group. Plain data. */
public sealed interface Rule {

  /** The recorded metric's or the alert's name. */
  String name();

  /** The expression as it is written. */
  String text();

  Expr expr();

  Map<String, String> labels();

  /** Line of the file it begins at, from 1. */
  int line();

  /** Writes an expression's result as series of a name. */
  record Recording(String name, String text, Expr expr, Map<String, String> labels, int line)
      implements Rule {
    public Recording {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Raises an alert for each series of an expression's result.
   *
   * @param holdFor how long there must be a result before it fires
   * @param keepFiringFor how long it goes on firing when the result is gone
   * @param annotations templates, as label values are
   */
  record Alerting(
      String name,
      String text,
      Expr expr,
      Duration holdFor,
      Duration keepFiringFor,
      Map<String, String> labels,
      Map<String, String> annotations,
      int line)
      implements Rule {
    public Alerting {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }
  }
}
