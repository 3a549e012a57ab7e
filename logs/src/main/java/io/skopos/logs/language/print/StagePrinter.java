// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.print;

import io.skopos.engine.text.NumberText;
import io.skopos.engine.text.StringSyntax;
import io.skopos.logs.language.ast.LabelFilter;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.ast.Unwrap;
import io.skopos.logs.language.pipeline.Extraction;
import io.skopos.logs.language.pipeline.LabelChoice;
import io.skopos.logs.language.pipeline.LabelFormat;
import io.skopos.logs.language.pipeline.LineFilter.Operand;
import io.skopos.model.Matcher;
import java.util.List;
import java.util.stream.Collectors;

/** Selectors, stages and filters on one line. */
final class StagePrinter {

  private StagePrinter() {}

  static String print(LogExpr log) {
    StringBuilder out = new StringBuilder(selector(log.matchers()));
    for (Stage stage : log.stages()) {
      out.append(' ').append(print(stage));
    }
    return out.toString();
  }

  static String selector(List<Matcher> matchers) {
    return matchers.stream().map(StagePrinter::matcher).collect(Collectors.joining(", ", "{", "}"));
  }

  private static String matcher(Matcher matcher) {
    return matcher.name() + matcher.type().symbol() + StringSyntax.quote(matcher.value());
  }

  static String print(Stage stage) {
    return switch (stage) {
      case Stage.LineFilter filter ->
          filter.operands().stream()
              .map(StagePrinter::operand)
              .collect(Collectors.joining(" or ", filter.operator().symbol() + " ", ""));
      case Stage.Json json -> "| json" + before(" ", extractions(json.fields()));
      case Stage.Logfmt logfmt ->
          "| logfmt"
              + (logfmt.strict() ? " --strict" : "")
              + (logfmt.keepEmpty() ? " --keep-empty" : "")
              + before(" ", extractions(logfmt.fields()));
      case Stage.Regexp regexp -> "| regexp " + StringSyntax.quote(regexp.expression());
      case Stage.Pattern pattern -> "| pattern " + StringSyntax.quote(pattern.expression());
      case Stage.Unpack _ -> "| unpack";
      case Stage.Filter filter -> "| " + print(filter.filter());
      case Stage.LineFormat format -> "| line_format " + StringSyntax.quote(format.template());
      case Stage.LabelFormat format ->
          format.formats().stream()
              .map(StagePrinter::format)
              .collect(Collectors.joining(",", "| label_format ", ""));
      case Stage.Decolorize _ -> "| decolorize";
      case Stage.Drop drop -> "| drop " + choices(drop.labels());
      case Stage.Keep keep -> "| keep " + choices(keep.labels());
    };
  }

  private static String operand(Operand operand) {
    String text = StringSyntax.quote(operand.text());
    return operand.ip() ? "ip(" + text + ")" : text;
  }

  private static String before(String space, String text) {
    return text.isEmpty() ? "" : space + text;
  }

  private static String extractions(List<Extraction> extractions) {
    return extractions.stream()
        .map(field -> field.label() + "=" + StringSyntax.quote(field.expression()))
        .collect(Collectors.joining(","));
  }

  private static String format(LabelFormat format) {
    return format.label()
        + "="
        + (format.rename() ? format.source() : StringSyntax.quote(format.source()));
  }

  private static String choices(List<LabelChoice> choices) {
    return choices.stream()
        .map(choice -> choice.matcher() == null ? choice.name() : matcher(choice.matcher()))
        .collect(Collectors.joining(","));
  }

  static String print(LabelFilter filter) {
    return switch (filter) {
      case LabelFilter.And and -> "( " + print(and.left()) + " , " + print(and.right()) + " )";
      case LabelFilter.Or or -> "( " + print(or.left()) + " or " + print(or.right()) + " )";
      case LabelFilter.Text text -> matcher(text.matcher());
      case LabelFilter.Number number ->
          number.name() + number.comparison().symbol() + NumberText.plain(number.value());
      case LabelFilter.Duration duration ->
          duration.name() + duration.comparison().symbol() + Amounts.duration(duration.nanos());
      case LabelFilter.Bytes bytes ->
          bytes.name() + bytes.comparison().symbol() + Amounts.size(bytes.bytes());
      case LabelFilter.Ip ip ->
          ip.name() + (ip.negative() ? "!=" : "=") + "ip(" + StringSyntax.quote(ip.range()) + ")";
    };
  }

  /** Without the filters after it. */
  static String print(Unwrap unwrap) {
    String function = unwrap.conversion().function();
    return "| unwrap "
        + (function.isEmpty() ? unwrap.label() : function + "(" + unwrap.label() + ")");
  }
}
