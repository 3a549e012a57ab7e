// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.print;

import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.VectorSelector;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes an expression over several lines: what fits into one stays on one, what does not is split
 * at its operator or its parentheses, its parts two spaces further in.
 */
public final class PrettyPrinter {

  private static final int MAX_BYTES_PER_LINE = 100;
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  private PrettyPrinter() {}

  public static String print(Expr expr) {
    PrettyPrinter printer = new PrettyPrinter();
    printer.write(expr, 0);
    return printer.out.toString();
  }

  private void write(Expr expr, int level) {
    switch (expr) {
      case NumberLiteral _, StringLiteral _, VectorSelector _, MatrixSelector _ -> {
        indent(level);
        out.append(Printer.print(expr));
      }
      case Unary unary -> {
        indent(level);
        out.append(unary.negative() ? '-' : '+');
        int start = out.length();
        write(unary.expr(), level);
        int text = start;
        while (text < out.length() && out.charAt(text) == ' ') {
          text++;
        }
        out.delete(start, text);
      }
      case Subquery subquery -> {
        if (fits(subquery)) {
          out.append(Printer.print(subquery));
        } else {
          write(subquery.expr(), level);
          out.append(Printer.brackets(subquery));
        }
      }
      case Binary binary -> write(binary, level);
      case Paren paren -> writeParenthesized(paren, "", List.of(paren.expr()), level);
      case Call call -> writeParenthesized(call, call.function().name(), call.arguments(), level);
      case Aggregate aggregate ->
          writeParenthesized(aggregate, Printer.operator(aggregate), aggregate.children(), level);
    }
  }

  private void write(Binary binary, int level) {
    if (fits(binary)) {
      indent(level);
      out.append(Printer.print(binary));
      return;
    }
    write(binary.left(), level + 1);
    out.append('\n');
    indent(level);
    out.append(Printer.operator(binary)).append('\n');
    write(binary.right(), level + 1);
  }

  private void writeParenthesized(Expr expr, String before, List<Expr> parts, int level) {
    indent(level);
    if (fits(expr)) {
      out.append(Printer.print(expr));
      return;
    }
    out.append(before).append("(\n");
    for (int i = 0; i < parts.size(); i++) {
      out.append(i > 0 ? ",\n" : "");
      write(parts.get(i), level + 1);
    }
    out.append('\n');
    indent(level);
    out.append(')');
  }

  private static boolean fits(Expr expr) {
    String start = Printer.printStart(expr, MAX_BYTES_PER_LINE);
    return start.length() <= MAX_BYTES_PER_LINE
        && start.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES_PER_LINE;
  }

  private void indent(int level) {
    out.repeat(INDENT, level);
  }
}
