// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.PromqlParser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one rule and tells what is wrong with it, in Prometheus' words. */
final class RuleReader {

  private static final Set<String> FIELDS =
      Set.of("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations");
  private static final Pattern LEGACY_METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LEGACY_ANNOTATION = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private final PromqlParser parser;
  private final RuleFileOptions options;

  RuleReader(PromqlParser parser, RuleFileOptions options) {
    this.parser = parser;
    this.options = options;
  }

  /**
   * @param number of the rule in its group, from 1
   * @return null when it is not one
   */
  @Nullable Rule read(
      RuleNode node, String group, int number, List<String> problems, Predicate<String> isLabel) {
    Map<String, RuleNode> fields =
        node.fields(options.ignoreUnknownFields() ? null : FIELDS, "a rule");
    Read rule = new Read(node, fields, group, number, problems);
    Expr expr = rule.expr(parser);
    if (!rule.record.isEmpty() && !rule.alert.isEmpty()) {
      rule.problem("record", "only one of 'record' and 'alert' must be set");
    } else if (rule.record.isEmpty() && rule.alert.isEmpty()) {
      rule.problem("expr", "one of 'record' or 'alert' must be set");
    }
    Map<String, String> labels = rule.texts("labels");
    Map<String, String> annotations = rule.texts("annotations");
    Duration holdFor = rule.duration("for");
    Duration keepFiringFor = rule.duration("keep_firing_for");
    if (!rule.record.isEmpty()) {
      checkRecording(rule, annotations, holdFor, keepFiringFor);
    }
    for (Map.Entry<String, String> label : labels.entrySet()) {
      if (!isLabel.test(label.getKey())) {
        rule.problem("labels", "invalid label name: " + label.getKey());
      }
      checkTemplate(rule, "labels", "label", label);
    }
    for (Map.Entry<String, String> annotation : annotations.entrySet()) {
      if (options.legacyNames()
          ? !LEGACY_ANNOTATION.matcher(annotation.getKey()).matches()
          : !StringSyntax.isLabelName(annotation.getKey())) {
        rule.problem("annotations", "invalid annotation name: " + annotation.getKey());
      }
      checkTemplate(rule, "annotations", "annotation", annotation);
    }
    if (expr == null) {
      return null;
    }
    return rule.alert.isEmpty()
        ? new Rule.Recording(rule.record, rule.text("expr"), expr, labels, node.line())
        : new Rule.Alerting(
            rule.alert,
            rule.text("expr"),
            expr,
            holdFor,
            keepFiringFor,
            labels,
            annotations,
            node.line());
  }

  private void checkRecording(
      Read rule, Map<String, String> annotations, Duration holdFor, Duration keepFiringFor) {
    if (!annotations.isEmpty()) {
      rule.problem("record", "invalid field 'annotations' in recording rule");
    }
    if (!holdFor.isZero()) {
      rule.problem("record", "invalid field 'for' in recording rule");
    }
    if (!keepFiringFor.isZero()) {
      rule.problem("record", "invalid field 'keep_firing_for' in recording rule");
    }
    if (options.legacyNames()
        ? !LEGACY_METRIC.matcher(rule.record).matches()
        : !StringSyntax.isLabelName(rule.record)) {
      rule.problem("record", "invalid recording rule name: " + rule.record);
    }
    if (rule.record.contains("{") || rule.record.contains("}")) {
      // A name may hold them, but it is an expression in the wrong place that does.
      rule.problem(
          "record",
          "braces present in the recording rule name; should it be in expr?: " + rule.record);
    }
  }

  /** Only the templates of alerts are ever filled in. */
  private static void checkTemplate(
      Read rule, String field, String kind, Map.Entry<String, String> entry) {
    if (rule.alert.isEmpty()) {
      return;
    }
    String problem = TemplateSyntax.problem("__alert_" + rule.alert, entry.getValue());
    if (problem != null) {
      rule.problem(field, kind + " " + StringSyntax.quote(entry.getKey()) + ": " + problem);
    }
  }

  /** A rule whose fields are being looked at. */
  private static final class Read {

    private final RuleNode node;
    private final Map<String, RuleNode> fields;
    private final String group;
    private final int number;
    private final List<String> problems;
    private final String record;
    private final String alert;

    Read(
        RuleNode node,
        Map<String, RuleNode> fields,
        String group,
        int number,
        List<String> problems) {
      this.node = node;
      this.fields = fields;
      this.group = group;
      this.number = number;
      this.problems = problems;
      this.record = text("record");
      this.alert = text("alert");
    }

    String text(String field) {
      RuleNode value = fields.get(field);
      return value == null ? "" : value.text(field);
    }

    Map<String, String> texts(String field) {
      RuleNode value = fields.get(field);
      return value == null ? Map.of() : value.texts(field);
    }

    Duration duration(String field) {
      RuleNode value = fields.get(field);
      Duration duration = value == null ? null : value.duration(field);
      return duration == null ? Duration.ZERO : duration;
    }

    @Nullable Expr expr(PromqlParser parser) {
      String text = text("expr");
      if (text.isEmpty()) {
        problem("expr", "field 'expr' must be set in rule");
        return null;
      }
      try {
        return parser.parse(text);
      } catch (ParseFailed e) {
        problem("expr", "could not parse expression: " + e.getMessage());
        return null;
      }
    }

    /** A problem with a field, or with the rule when the field is not there. */
    void problem(String field, String text) {
      RuleNode at = fields.getOrDefault(field, node);
      problems.add(
          at.place()
              + ": group "
              + StringSyntax.quote(group)
              + ", rule "
              + number
              + ", "
              + StringSyntax.quote(alert.isEmpty() ? record : alert)
              + ": "
              + text);
    }
  }
}
