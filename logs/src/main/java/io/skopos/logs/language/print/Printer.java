// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.print;

import io.skopos.engine.aggregation.Grouping;
import io.skopos.engine.text.NumberText;
import io.skopos.engine.text.StringSyntax;
import io.skopos.logs.language.ast.Binary;
import io.skopos.logs.language.ast.Expr;
import io.skopos.logs.language.ast.LabelReplace;
import io.skopos.logs.language.ast.Literal;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.LogRange;
import io.skopos.logs.language.ast.Matching;
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.ast.Unwrap;
import io.skopos.logs.language.ast.VectorAggregation;
import io.skopos.logs.language.ast.VectorLiteral;
import java.util.List;
import java.util.Locale;

/** Queries in their canonical form, on one line: what parses to the same tree prints the same. */
public final class Printer {

  private Printer() {}

  public static String print(Expr expr) {
    return switch (expr) {
      case LogExpr log -> StagePrinter.print(log);
      case RangeAggregation aggregation -> print(aggregation);
      case VectorAggregation aggregation -> print(aggregation);
      case Binary binary ->
          "("
              + print(binary.left())
              + " "
              + operator(binary, ",")
              + " "
              + print(binary.right())
              + ")";
      case LabelReplace replace ->
          "label_replace("
              + print(replace.expr())
              + ","
              + StringSyntax.quote(replace.destination())
              + ","
              + StringSyntax.quote(replace.replacement())
              + ","
              + StringSyntax.quote(replace.source())
              + ","
              + StringSyntax.quote(replace.regex())
              + ")";
      case Literal literal -> number(literal.value());
      case VectorLiteral literal -> String.format(Locale.ROOT, "vector(%f)", literal.value());
    };
  }

  /** One stage on its own, as messages about it name it. */
  public static String print(Stage stage) {
    return StagePrinter.print(stage);
  }

  private static String print(RangeAggregation aggregation) {
    Grouping grouping = aggregation.grouping();
    return aggregation.operator().text()
        + "("
        + (aggregation.parameter() == null ? "" : NumberText.plain(aggregation.parameter()) + ",")
        + print(aggregation.range())
        + ")"
        + (grouping == null ? "" : grouping(grouping, ","));
  }

  private static String print(LogRange range) {
    StringBuilder out = new StringBuilder(StagePrinter.print(range.log()));
    Unwrap unwrap = range.unwrap();
    if (unwrap != null) {
      out.append(' ').append(StagePrinter.print(unwrap));
      unwrap.filters().forEach(filter -> out.append(" | ").append(StagePrinter.print(filter)));
    }
    out.append('[').append(Amounts.range(range.intervalNs())).append(']');
    if (range.offsetNs() != 0) {
      out.append(" offset ").append(Amounts.duration(range.offsetNs()));
    }
    return out.toString();
  }

  private static String print(VectorAggregation aggregation) {
    Grouping grouping = aggregation.grouping();
    return aggregation.operator().text()
        + (isAll(grouping) ? "" : grouping(grouping, ","))
        + "("
        + (aggregation.operator().takesParameter() ? aggregation.parameter() + "," : "")
        + print(aggregation.expr())
        + ")";
  }

  static boolean isAll(Grouping grouping) {
    return !grouping.without() && grouping.names().isEmpty();
  }

  static String grouping(Grouping grouping, String comma) {
    return (grouping.without() ? " without " : " by ") + list(grouping.names(), comma);
  }

  static String operator(Binary binary, String comma) {
    StringBuilder out = new StringBuilder(binary.operator().symbol());
    if (binary.bool()) {
      out.append(" bool");
    }
    Matching matching = binary.matching();
    List<String> labels = matching.labels();
    if (labels != null && (matching.on() || !labels.isEmpty())) {
      out.append(matching.on() ? " on " : " ignoring ").append(list(labels, comma));
    }
    switch (matching.cardinality()) {
      case ONE_TO_ONE -> {}
      case MANY_TO_ONE -> out.append(" group_left");
      case ONE_TO_MANY -> out.append(" group_right");
    }
    List<String> include = matching.include();
    if (include != null && !include.isEmpty()) {
      out.append(' ').append(list(include, comma));
    }
    return out.toString();
  }

  private static String list(List<String> names, String comma) {
    return "(" + String.join(comma, names) + ")";
  }

  /** What has no number's text in the language is written as what comes to it. */
  private static String number(double value) {
    if (Double.isFinite(value)) {
      return NumberText.shortest(value);
    }
    return Double.isNaN(value) ? "(0 / 0)" : value > 0 ? "(10 ^ 999)" : "(0 - 10 ^ 999)";
  }
}
