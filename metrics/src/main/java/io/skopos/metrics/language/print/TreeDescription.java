// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.print;

import io.skopos.engine.text.NumberText;
import io.skopos.metrics.language.ast.Aggregate;
import io.skopos.metrics.language.ast.AtModifier;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.Call;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.ast.MatrixSelector;
import io.skopos.metrics.language.ast.NumberLiteral;
import io.skopos.metrics.language.ast.Paren;
import io.skopos.metrics.language.ast.Signature;
import io.skopos.metrics.language.ast.StringLiteral;
import io.skopos.metrics.language.ast.Subquery;
import io.skopos.metrics.language.ast.Unary;
import io.skopos.metrics.language.ast.ValueType;
import io.skopos.metrics.language.ast.VectorMatching;
import io.skopos.metrics.language.ast.VectorSelector;
import io.skopos.model.Matcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An expression as {@code /api/v1/parse_query} describes it to tree views: maps, lists, strings,
 * {@link Long}, {@link Integer}, {@link Double}, {@link Boolean} and null, ready for JSON.
 * Durations are milliseconds; one written as an expression is 0.
 */
public final class TreeDescription {

  private TreeDescription() {}

  public static Map<String, @Nullable Object> of(Expr expr) {
    return switch (expr) {
      case NumberLiteral number -> node("numberLiteral", "val", NumberText.plain(number.value()));
      case StringLiteral string -> node("stringLiteral", "val", string.value());
      case Paren paren -> node("parenExpr", "expr", of(paren.expr()));
      case Unary unary ->
          node("unaryExpr", "op", unary.negative() ? "-" : "+", "expr", of(unary.expr()));
      case VectorSelector selector -> ofSelector(node("vectorSelector"), selector);
      case MatrixSelector matrix ->
          ofSelector(node("matrixSelector", "range", matrix.range().millis()), matrix.selector());
      case Subquery subquery -> ofSubquery(subquery);
      case Binary binary -> ofBinary(binary);
      case Aggregate aggregate -> ofAggregate(aggregate);
      case Call call ->
          node(
              "call",
              "func",
              ofFunction(call.function()),
              "args",
              call.arguments().stream().map(TreeDescription::of).toList());
    };
  }

  private static Map<String, @Nullable Object> ofSelector(
      Map<String, @Nullable Object> node, VectorSelector selector) {
    node.put("name", selector.name());
    node.put("offset", selector.offset().millis());
    node.put("matchers", selector.matchers().stream().map(TreeDescription::ofMatcher).toList());
    putAt(node, selector.at());
    node.put("anchored", selector.edge() == VectorSelector.Edge.ANCHORED);
    node.put("smoothed", selector.edge() == VectorSelector.Edge.SMOOTHED);
    return node;
  }

  private static Map<String, String> ofMatcher(Matcher matcher) {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("name", matcher.name());
    map.put("value", matcher.value());
    map.put("type", matcher.type().symbol());
    return map;
  }

  private static Map<String, @Nullable Object> ofSubquery(Subquery subquery) {
    Map<String, @Nullable Object> node =
        node(
            "subquery",
            "expr",
            of(subquery.expr()),
            "range",
            subquery.range().millis(),
            "offset",
            subquery.offset().millis(),
            "step",
            subquery.step().millis());
    putAt(node, subquery.at());
    return node;
  }

  private static void putAt(Map<String, @Nullable Object> node, @Nullable AtModifier at) {
    node.put("timestamp", at instanceof AtModifier.Timestamp(long millis) ? millis : null);
    node.put(
        "startOrEnd",
        at instanceof AtModifier.Start ? "start" : at instanceof AtModifier.End ? "end" : null);
  }

  private static Map<String, @Nullable Object> ofBinary(Binary binary) {
    return node(
        "binaryExpr",
        "op",
        binary.operator().symbol(),
        "lhs",
        of(binary.left()),
        "rhs",
        of(binary.right()),
        "matching",
        binary.matching() == null ? null : ofMatching(binary.matching()),
        "bool",
        binary.returnBool());
  }

  private static Map<String, @Nullable Object> ofMatching(VectorMatching matching) {
    Map<String, @Nullable Object> fill = new LinkedHashMap<>();
    fill.put("lhs", matching.fillLeft());
    fill.put("rhs", matching.fillRight());
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("card", matching.cardinality().symbol());
    map.put("labels", matching.labels());
    map.put("on", matching.on());
    map.put("include", matching.include());
    map.put("fillValues", fill);
    return map;
  }

  private static Map<String, @Nullable Object> ofAggregate(Aggregate aggregate) {
    Expr parameter = aggregate.parameter();
    return node(
        "aggregation",
        "op",
        aggregate.operator().symbol(),
        "expr",
        of(aggregate.expr()),
        "param",
        parameter == null ? null : of(parameter),
        "grouping",
        aggregate.grouping(),
        "without",
        aggregate.without());
  }

  private static Map<String, @Nullable Object> ofFunction(Signature function) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    List<String> types = function.argumentTypes().stream().map(ValueType::symbol).toList();
    map.put("name", function.name());
    map.put("argTypes", types);
    map.put("variadic", function.variadic());
    map.put("returnType", function.returnType().symbol());
    return map;
  }

  /** A map of the type and the keys and values that follow in turn. */
  private static Map<String, @Nullable Object> node(
      String type, @Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("type", type);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
