// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.print;

import io.skopos.engine.text.NumberText;
import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.AtModifier;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.DurationSyntax;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.VectorMatching;
import io.skopos.metrics.language.ast.VectorMatching.Cardinality;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Label;
import io.skopos.model.Matcher;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes an expression on one line in the canonical form: one space around operators, modifiers in
 * a fixed order, matchers sorted.
 */
public final class Printer {

  private final StringBuilder out = new StringBuilder();

  /** Printing ends soon after so many characters, for those who only ask how long a text is. */
  private final int limit;

  private Printer(int limit) {
    this.limit = limit;
  }

  public static String print(Expr expr) {
    Printer printer = new Printer(Integer.MAX_VALUE);
    printer.write(expr);
    return printer.out.toString();
  }

  /** The text, or at least its first {@code limit} characters and a few more. */
  static String printStart(Expr expr, int limit) {
    Printer printer = new Printer(limit);
    printer.write(expr);
    return printer.out.toString();
  }

  /** An aggregation's operator and grouping, without what is aggregated. */
  static String operator(Aggregate aggregate) {
    Printer printer = new Printer(Integer.MAX_VALUE);
    printer.writeOperator(aggregate);
    return printer.out.toString();
  }

  /** A binary operator with all that follows it up to the right operand. */
  static String operator(Binary binary) {
    Printer printer = new Printer(Integer.MAX_VALUE);
    printer.writeOperator(binary);
    return printer.out.toString();
  }

  /** A subquery's brackets and modifiers. */
  static String brackets(Subquery subquery) {
    Printer printer = new Printer(Integer.MAX_VALUE);
    printer.writeBrackets(subquery);
    return printer.out.toString();
  }

  private void write(Expr expr) {
    if (out.length() > limit) {
      return;
    }
    switch (expr) {
      case NumberLiteral number -> out.append(text(number));
      case StringLiteral string -> out.append(StringSyntax.quote(string.value()));
      case VectorSelector selector -> write(selector);
      case MatrixSelector matrix -> write(matrix);
      case Subquery subquery -> {
        write(subquery.expr());
        writeBrackets(subquery);
      }
      case Paren paren -> {
        out.append('(');
        write(paren.expr());
        out.append(')');
      }
      case Unary unary -> {
        out.append(unary.negative() ? '-' : '+');
        write(unary.expr());
      }
      case Binary binary -> {
        write(binary.left());
        out.append(' ');
        writeOperator(binary);
        out.append(' ');
        write(binary.right());
      }
      case Aggregate aggregate -> write(aggregate);
      case Call call -> {
        out.append(call.function().name()).append('(');
        writeAll(call.arguments());
        out.append(')');
      }
    }
  }

  private static String text(NumberLiteral number) {
    return number.duration()
        ? DurationSyntax.format(Math.round(number.value() * 1000))
        : NumberText.plain(number.value());
  }

  private void writeAll(List<Expr> arguments) {
    for (int i = 0; i < arguments.size() && out.length() <= limit; i++) {
      if (i > 0) {
        out.append(", ");
      }
      write(arguments.get(i));
    }
  }

  private void write(Aggregate aggregate) {
    writeOperator(aggregate);
    out.append('(');
    if (aggregate.parameter() != null) {
      write(aggregate.parameter());
      out.append(", ");
    }
    write(aggregate.expr());
    out.append(')');
  }

  private void writeOperator(Aggregate aggregate) {
    out.append(aggregate.operator().symbol());
    if (aggregate.without() || !aggregate.grouping().isEmpty()) {
      out.append(aggregate.without() ? " without (" : " by (");
      writeLabels(aggregate.grouping());
      out.append(") ");
    }
  }

  private void writeOperator(Binary binary) {
    out.append(binary.operator().symbol());
    if (binary.returnBool()) {
      out.append(" bool");
    }
    if (binary.matching() != null) {
      write(binary.matching());
    }
  }

  private void write(VectorMatching matching) {
    boolean grouped =
        matching.cardinality() == Cardinality.MANY_TO_ONE
            || matching.cardinality() == Cardinality.ONE_TO_MANY;
    if (grouped || matching.on() || !matching.labels().isEmpty()) {
      out.append(matching.on() ? " on (" : " ignoring (");
      writeLabels(matching.labels());
      out.append(')');
    }
    if (grouped) {
      boolean left = matching.cardinality() == Cardinality.MANY_TO_ONE;
      out.append(left ? " group_left (" : " group_right (");
      writeLabels(matching.include());
      out.append(')');
    }
    if (matching.fillLeft() != null && matching.fillLeft().equals(matching.fillRight())) {
      writeFill(" fill (", matching.fillLeft());
    } else {
      writeFill(" fill_left (", matching.fillLeft());
      writeFill(" fill_right (", matching.fillRight());
    }
  }

  private void writeFill(String name, @Nullable Double value) {
    if (value != null) {
      out.append(name).append(NumberText.shortest(value)).append(')');
    }
  }

  private void writeLabels(List<String> labels) {
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.get(i);
      out.append(i > 0 ? ", " : "");
      out.append(StringSyntax.isPlainLabelName(label) ? label : StringSyntax.quote(label));
    }
  }

  private void write(VectorSelector selector) {
    writeSeries(selector);
    writeAt(selector.at());
    writeEdge(selector);
    out.append(Durations.offset(selector.offset()));
  }

  private void write(MatrixSelector matrix) {
    VectorSelector selector = matrix.selector();
    writeSeries(selector);
    out.append('[').append(Durations.text(matrix.range())).append(']');
    writeEdge(selector);
    writeAt(selector.at());
    out.append(Durations.offset(selector.offset()));
  }

  private void writeBrackets(Subquery subquery) {
    out.append('[').append(Durations.text(subquery.range())).append(':');
    if (!subquery.step().isAbsent()) {
      out.append(Durations.text(subquery.step()));
    }
    out.append(']');
    writeAt(subquery.at());
    out.append(Durations.offset(subquery.offset()));
  }

  private void writeSeries(VectorSelector selector) {
    out.append(selector.name());
    String matchers =
        selector.matchers().stream()
            .filter(matcher -> !standsInFront(matcher, selector.name()))
            .map(Printer::text)
            .sorted()
            .collect(Collectors.joining(","));
    if (!matchers.isEmpty() || selector.name().isEmpty()) {
      out.append('{').append(matchers).append('}');
    }
  }

  private static boolean standsInFront(Matcher matcher, String name) {
    return !name.isEmpty() && matcher.equals(Matcher.equal(Label.METRIC_NAME, name));
  }

  private static String text(Matcher matcher) {
    String name = matcher.name();
    return (StringSyntax.isPlainLabelName(name) ? name : StringSyntax.quote(name))
        + matcher.type().symbol()
        + StringSyntax.quote(matcher.value());
  }

  private void writeAt(@Nullable AtModifier at) {
    switch (at) {
      case null -> {}
      case AtModifier.Start() -> out.append(" @ start()");
      case AtModifier.End() -> out.append(" @ end()");
      case AtModifier.Timestamp(long millis) ->
          out.append(" @ ").append(BigDecimal.valueOf(millis, 3).toPlainString());
    }
  }

  private void writeEdge(VectorSelector selector) {
    switch (selector.edge()) {
      case PLAIN -> {}
      case ANCHORED -> out.append(" anchored");
      case SMOOTHED -> out.append(" smoothed");
    }
  }
}
