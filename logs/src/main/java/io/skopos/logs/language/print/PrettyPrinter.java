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
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.ast.Unwrap;
import io.skopos.logs.language.ast.VectorAggregation;
import io.skopos.logs.language.ast.VectorLiteral;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries for people, as Loki formats them: what is longer than a line is taken apart, each part a
 * level deeper.
 */
public final class PrettyPrinter {

  private static final int LINE = 100;

  private PrettyPrinter() {}

  public static String print(Expr expr) {
    return print(expr, 0);
  }

  private static String print(Expr expr, int level) {
    String line = Printer.print(expr);
    if (line.length() <= LINE) {
      return indent(level) + line;
    }
    return switch (expr) {
      case LogExpr log -> log(log, level);
      case RangeAggregation aggregation -> range(aggregation, level);
      case VectorAggregation aggregation -> vector(aggregation, level);
      case Binary binary ->
          print(binary.left(), level + 1)
              + "\n"
              + indent(level)
              + Printer.operator(binary, ", ")
              + "\n"
              + print(binary.right(), level + 1);
      case LabelReplace replace ->
          call(
              "label_replace",
              level,
              List.of(
                  print(replace.expr(), level + 1),
                  indent(level + 1) + StringSyntax.quote(replace.destination()),
                  indent(level + 1) + StringSyntax.quote(replace.replacement()),
                  indent(level + 1) + StringSyntax.quote(replace.source()),
                  indent(level + 1) + StringSyntax.quote(replace.regex())));
      case Literal _, VectorLiteral _ -> indent(level) + line;
    };
  }

  private static String log(LogExpr log, int level) {
    StringBuilder out = new StringBuilder(indent(level));
    out.append(StagePrinter.selector(log.matchers()));
    for (String stage : lines(log.stages())) {
      out.append('\n').append(indent(level + 1)).append(stage);
    }
    return out.toString();
  }

  /** Line filters one after another stay together as long as they fit. */
  private static List<String> lines(List<Stage> stages) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    while (at < stages.size()) {
      int end = at;
      while (end < stages.size() && stages.get(end) instanceof Stage.LineFilter) {
        end++;
      }
      if (end == at) {
        lines.add(StagePrinter.print(stages.get(at++)));
      } else {
        filters(stages.subList(at, end), lines);
        at = end;
      }
    }
    return lines;
  }

  private static void filters(List<Stage> chain, List<String> lines) {
    int split = chain.size();
    String together = joined(chain.subList(0, split));
    while (split > 1 && together.length() > LINE) {
      together = joined(chain.subList(0, --split));
    }
    lines.add(together);
    for (Stage filter : chain.subList(split, chain.size())) {
      lines.add(StagePrinter.print(filter));
    }
  }

  private static String joined(List<Stage> filters) {
    return String.join(" ", filters.stream().map(StagePrinter::print).toList());
  }

  private static String range(RangeAggregation aggregation, int level) {
    List<String> arguments = new ArrayList<>();
    if (aggregation.parameter() != null) {
      arguments.add(indent(level + 1) + NumberText.plain(aggregation.parameter()));
    }
    arguments.add(range(aggregation.range(), level + 1));
    Grouping grouping = aggregation.grouping();
    return call(aggregation.operator().text(), level, arguments)
        + (grouping == null ? "" : Printer.grouping(grouping, ", "));
  }

  private static String range(LogRange range, int level) {
    StringBuilder out = new StringBuilder(print(range.log(), level));
    Unwrap unwrap = range.unwrap();
    if (unwrap != null) {
      out.append('\n').append(indent(level + 1)).append(StagePrinter.print(unwrap));
      unwrap
          .filters()
          .forEach(filter ->
              out.append('\n')
                  .append(indent(level + 1))
                  .append("| ")
                  .append(StagePrinter.print(filter)));
    }
    out.append(" [").append(Amounts.range(range.intervalNs())).append(']');
    if (range.offsetNs() != 0) {
      // With a sign, as ranges are printed without.
      String sign = range.offsetNs() < 0 ? "-" : "";
      out.append(" offset ").append(sign).append(Amounts.range(Math.abs(range.offsetNs())));
    }
    return out.toString();
  }

  private static String vector(VectorAggregation aggregation, int level) {
    List<String> arguments = new ArrayList<>();
    if (aggregation.operator().takesParameter()) {
      arguments.add(indent(level + 1) + aggregation.parameter());
    }
    arguments.add(print(aggregation.expr(), level + 1));
    Grouping grouping = aggregation.grouping();
    String by = Printer.isAll(grouping) ? "" : Printer.grouping(grouping, ", ");
    return call(aggregation.operator().text() + by, level, arguments);
  }

  private static String call(String function, int level, List<String> arguments) {
    return indent(level)
        + function
        + "(\n"
        + String.join(",\n", arguments)
        + "\n"
        + indent(level)
        + ")";
  }

  private static String indent(int level) {
    return "  ".repeat(level);
  }
}
