// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.logs.language.ast.Expr;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.Selectors;
import io.skopos.logs.language.evaluation.PipelineCompiler;
import io.skopos.logs.language.parse.LogqlParser;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.logs.language.print.PrettyPrinter;
import io.skopos.logs.language.print.Printer;
import io.skopos.model.Matcher;
import java.util.List;

/** A query that was parsed and checked. */
public record LogqlQuery(Expr expr, long parseNanos) {

  /**
   * @throws ParseFailed with a text like Loki's, when this is no query, or one of its stages cannot
   *     be made
   */
  public static LogqlQuery parse(String text) throws ParseFailed {
    long started = System.nanoTime();
    Expr expr = LogqlParser.parse(text);
    PipelineCompiler.check(expr);
    return new LogqlQuery(expr, System.nanoTime() - started);
  }

  /**
   * The matchers of {@code {app="a"}}, when the text is that and no more.
   *
   * @throws ParseFailed when it is not
   */
  public static List<Matcher> parseMatchers(String text) throws ParseFailed {
    if (LogqlParser.parse(text) instanceof LogExpr log && log.stages().isEmpty()) {
      return log.matchers();
    }
    throw new ParseFailed("only label matchers are supported");
  }

  /** Whether it answers with numbers rather than entries. */
  public boolean isMetric() {
    return !(expr instanceof LogExpr);
  }

  /** The matchers of each selector, in the order of the text. */
  public List<List<Matcher>> selectors() {
    return Selectors.of(expr);
  }

  /** The query in its canonical form, on one line. */
  public String canonical() {
    return Printer.print(expr);
  }

  /** The query for people: on several lines when it is long. */
  public String pretty() {
    return PrettyPrinter.print(expr);
  }
}
