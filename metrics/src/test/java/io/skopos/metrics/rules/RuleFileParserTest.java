// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleFileParserTest {

  private static final String HEAD =
      """
      groups:
        - name: shop
          interval: 30s
          query_offset: 10s
          limit: 7
          labels: {team: web}
          rules:
      """;

  @Test
  void everyFieldIsRead() throws Exception {
    RuleFile file =
        parse(
            HEAD
                + """
                      - record: job:errors:rate5m
                        expr: sum by (job) (rate(errors_total[5m]))
                        labels: {kind: 1}
                      - alert: Errors
                        expr: job:errors:rate5m > 1
                        for: 5m
                        keep_firing_for: 1m30s
                        labels: {severity: page}
                        annotations:
                          summary: '{{ $labels.job }} has {{ $value | humanize }} errors'
                """);
    RuleGroup group = file.groups().getFirst();
    assertThat(group.name()).isEqualTo("shop");
    assertThat(group.interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(group.queryOffset()).isEqualTo(Duration.ofSeconds(10));
    assertThat(group.limit()).isEqualTo(7);
    assertThat(group.labels()).isEqualTo(Map.of("team", "web"));
    assertThat(group.rules().get(0)).isInstanceOf(Rule.Recording.class);
    assertThat(group.rules().get(0).labels()).isEqualTo(Map.of("kind", "1"));
    Rule.Alerting alert = (Rule.Alerting) group.rules().get(1);
    assertThat(alert.holdFor()).isEqualTo(Duration.ofMinutes(5));
    assertThat(alert.keepFiringFor()).isEqualTo(Duration.ofSeconds(90));
    assertThat(alert.annotations()).containsKey("summary");
    assertThat(alert.line()).isEqualTo(11);
  }

  @Test
  void everythingWrongIsToldAtOnceWithItsPlace() {
    assertThat(
            problems(
                HEAD
                    + """
                          - record: a b{
                            exp: up
                            for: 5x
                          - alert: Up
                            expr: rate(up)
                            labels: {x: '{{ $label.foo }}'}
                    """))
        .containsExactlyInAnyOrder(
            "9:9: field exp not found in a rule; did you mean expr?",
            "8:9: group \"shop\", rule 1, \"a b{\": field 'expr' must be set in rule",
            "10:14: not a valid duration string: \"5x\"",
            "8:17: group \"shop\", rule 1, \"a b{\": braces present in the recording rule name;"
                + " should it be in expr?: a b{",
            "12:15: group \"shop\", rule 2, \"Up\": could not parse expression: 1:6: parse error:"
                + " expected type range vector in call to function \"rate\", got instant vector",
            "13:17: group \"shop\", rule 2, \"Up\": label \"x\": error parsing template __alert_Up:"
                + " template: __alert_Up:1: undefined variable \"$label\"");
    assertThat(problems("groups: [{rules: []}]"))
        .containsExactly("1:10: Groupname must not be empty");
    assertThat(problems("groups: 5")).containsExactly("1:9: groups must be a list");
    assertThat(problems("groups: [\n")).hasSize(1).first().asString().startsWith("yaml: ");
  }

  @Test
  void templatesAreLookedAt() {
    assertThat(TemplateSyntax.problem("t", "{{ range query \"up\" }}{{ .Labels.job }}{{ end }}"))
        .isNull();
    assertThat(
            TemplateSyntax.problem(
                "t",
                "{{ with $x := printf \"a %s\" $labels.job }}{{ $x }}{{ else }}-{{- end -}}"
                    + "{{/* }} */}}{{ if gt $value 1.5 }}{{ (index .Labels \"a\").b }}{{ end }}"))
        .isNull();
    assertThat(TemplateSyntax.problem("t", "a\n{{ nosuch 1 }}"))
        .isEqualTo("error parsing template t: template: t:2: function \"nosuch\" not defined");
    assertThat(TemplateSyntax.problem("t", "{{ if true }}")).contains("unexpected EOF");
    assertThat(TemplateSyntax.problem("t", "{{ end }}")).contains("unexpected {{end}}");
    assertThat(TemplateSyntax.problem("t", "{{ $labels.a ")).contains("unclosed action");
    assertThat(TemplateSyntax.problem("t", "{{ \"a }}")).contains("unterminated quoted string");
    assertThat(TemplateSyntax.problem("t", "{{ }}")).contains("missing value for command");
  }

  private static RuleFile parse(String text) throws RuleFileRefused {
    return new RuleFileParser(RuleFileOptions.DEFAULT).parse("rules.yml", text);
  }

  private static List<String> problems(String text) {
    List<String> problems = new java.util.ArrayList<>();
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            RuleFileRefused.class, refused -> problems.addAll(refused.problems()));
    return problems;
  }
}
