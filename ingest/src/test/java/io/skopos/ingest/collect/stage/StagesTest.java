// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.model.Labels;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StagesTest {

  private static final Instant NOW = Instant.parse("2024-06-01T00:00:00Z");

  private final List<Entry> passed = new ArrayList<>();
  private final List<String> dropped = new ArrayList<>();
  private long nanoTime;

  private StageChain chain(String yaml) throws ConfigException {
    return new StageParser(InstantSource.fixed(NOW), () -> nanoTime)
        .parse(YamlDocument.parse("stages", yaml), new Notices())
        .open(passed::add, dropped::add);
  }

  private Entry one(String yaml, String line) throws ConfigException {
    chain(yaml).process(entry(line));
    return passed.getLast();
  }

  private static Entry entry(String line) {
    return new Entry(line, 5, Labels.of("app", "shop", "env", "prod"), 0);
  }

  @Test
  void jsonIsTakenApartAndBecomesLabelsTimeAndLine() throws Exception {
    Entry entry =
        one(
            """
            - json:
                expressions:
                  output: log
                  stream:
                  user: 'request.user."first name"'
                  second: list[1]
                  whole: request
                  ts: time
            - labels: {stream: , user: user}
            - structured_metadata: {second: }
            - timestamp: {source: ts, format: RFC3339Nano}
            - output: {source: output}
            """,
            """
            {"log":"hello","stream":"stderr","time":"2024-05-01T10:00:00.000000001Z",
             "request":{"user":{"first name":"ann"}},"list":["a","b"]}\
            """);
    assertThat(entry.line).isEqualTo("hello");
    assertThat(entry.labels)
        .isEqualTo(Map.of("app", "shop", "env", "prod", "stream", "stderr", "user", "ann"));
    assertThat(entry.metadata).isEqualTo(Map.of("second", "b"));
    assertThat(entry.text("whole")).isEqualTo("{\"user\":{\"first name\":\"ann\"}}");
    assertThat(entry.timeNs)
        .isEqualTo(Instant.parse("2024-05-01T10:00:00Z").getEpochSecond() * 1_000_000_000L + 1);
  }

  @Test
  void regexLogfmtTemplateAndReplace() throws Exception {
    Entry entry =
        one(
            """
            - regex: {expression: '^(?P<ip>\\S+) (?P<rest>.*)$'}
            - logfmt: {source: rest, mapping: {level: lvl, msg: }}
            - template: {source: level, template: '{{ ToUpper .Value }}-{{ .app }}'}
            - template: {source: empty, template: '{{ if eq .msg "a b" }}yes{{ else }}no{{ end }}'}
            - replace: {expression: '(\\d+\\.\\d+)\\.\\d+\\.\\d+', replace: '{{ .Value }}.x.x'}
            - labels: {level: , empty: }
            """,
            "10.1.2.3 lvl=warn msg=\"a b\"");
    assertThat(entry.labels).containsEntry("level", "WARN-shop").containsEntry("empty", "yes");
    assertThat(entry.line).startsWith("10.1.x.x.2.3 ");
  }

  @Test
  void matchDropLabelsAndPack() throws Exception {
    StageChain chain =
        chain(
            """
            - match:
                selector: '{app="shop", env=~"prod|dev"} |= "health"'
                action: drop
                drop_counter_reason: probes
            - match:
                selector: '{app="shop"} !~ "quiet"'
                stages:
                  - static_labels: {loud: 'yes'}
                  - labeldrop: [env]
            - drop: {source: [app, loud], separator: '/', value: shop/yes}
            - drop: {longer_than: 30B}
            - pack: {labels: [app], ingest_timestamp: false}
            """);
    chain.process(entry("GET /health"));
    chain.process(entry("quiet line"));
    chain.process(entry("quiet " + "x".repeat(30)));
    assertThat(dropped).containsExactly("probes", "drop_stage");
    assertThat(passed)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.line).isEqualTo("{\"app\":\"shop\",\"_entry\":\"quiet line\"}");
          assertThat(entry.labels).isEqualTo(Map.of("env", "prod"));
        });
  }

  @Test
  void tenantsAllowedLabelsAndContainers() throws Exception {
    Entry entry =
        one(
            """
            - labelallow: [app]
            - tenant: {label: app}
            - match: {selector: '{app="shop"}', stages: [{cri: {}}]}
            - decolorize: {}
            """,
            "2024-05-01T10:00:00Z stderr F \u001b[31mred\u001b[0m");
    assertThat(entry.line).isEqualTo("red");
    assertThat(entry.tenant).isEqualTo("shop");
    assertThat(entry.labels).isEqualTo(Map.of("app", "shop", "stream", "stderr"));
  }

  @Test
  void blocksEndWithTheNextFirstLineTheBoundOrTime() throws Exception {
    StageChain chain = chain("- multiline: {firstline: '^\\S', max_lines: 3, max_wait_time: 1s}");
    for (String line : List.of("first", " one", "second", " a", " b", " c", "third", " last")) {
      chain.process(entry(line));
    }
    assertThat(passed.stream().map(entry -> entry.line))
        .containsExactly("first\n one", "second\n a\n b", " c");
    assertThat(chain.heldFrom()).isZero();
    chain.tick(nanoTime + 500_000_000L);
    assertThat(passed).hasSize(3);
    chain.tick(nanoTime + 1_000_000_000L);
    assertThat(passed.getLast().line).isEqualTo("third\n last");
    assertThat(chain.heldFrom()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void stackTracesStayTogether() throws Exception {
    StageChain chain = chain("- multiline: {preset: stack_traces}");
    List<String> entries =
        List.of(
            "java.lang.RuntimeException: no\n\tat a.B.c(B.java:1)\nCaused by: x.Y: z\n\t... 3 more",
            "plain",
            "ERROR failed\nTraceback (most recent call last):\n  File \"a.py\", line 1\nValueError: no",
            "next",
            "panic: runtime error\n\ngoroutine 1 [running]:\nmain.main()\n\t/a/b.go:1 +0x1\nexit status 2",
            "after");
    entries.forEach(text -> text.lines().forEach(line -> chain.process(entry(line))));
    chain.finish();
    assertThat(passed.stream().map(entry -> entry.line)).containsExactlyElementsOf(entries);
  }

  @Test
  void limitsDropOrRest() throws Exception {
    StageChain dropping = chain("- limit: {rate: 1, burst: 2, drop: true}");
    for (int i = 0; i < 5; i++) {
      dropping.process(entry("x"));
    }
    assertThat(passed).hasSize(2);
    assertThat(dropped).hasSize(3);
    nanoTime += 1_000_000_000L;
    dropping.process(entry("x"));
    assertThat(passed).hasSize(3);
    StageChain resting = chain("- limit: {rate: 2, burst: 1}");
    resting.process(entry("x"));
    assertThat(resting.restNs()).isZero();
    resting.process(entry("x"));
    assertThat(resting.restNs()).isEqualTo(500_000_000L);
    assertThat(passed).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RFC3339 | 2024-05-01T12:34:56+02:00 | 2024-05-01T10:34:56Z",
        "ANSIC | Wed May  1 12:34:56 2024 | 2024-05-01T12:34:56Z",
        "RFC1123 | Wed, 01 May 2024 12:34:56 GMT | 2024-05-01T12:34:56Z",
        "Unix | 1714566896.5 | 2024-05-01T12:34:56.5Z",
        "UnixMs | 1714566896500 | 2024-05-01T12:34:56.5Z",
        "UnixNs | 1714566896500000000 | 2024-05-01T12:34:56.5Z",
        "2006-01-02 15:04:05.000 | 2024-05-01 12:34:56.250 | 2024-05-01T12:34:56.25Z",
        "02/Jan/2006:15:04:05 -0700 | 01/May/2024:12:34:56 +0000 | 2024-05-01T12:34:56Z",
        "Jan _2 15:04:05 | May  1 12:34:56 | 2024-05-01T12:34:56Z",
        "Jan _2 15:04:05 | Dec 31 12:34:56 | 2023-12-31T12:34:56Z",
        "1/2/06 3:04 PM | 5/1/24 1:34 PM | 2024-05-01T13:34:00Z",
      })
  void timesInTheLayoutsOfGo(String format, String text, String expected) throws Exception {
    Entry entry =
        one(
            "- regex: {expression: '^(?P<t>.*)$'}\n- timestamp: {source: t, format: '"
                + format
                + "'}",
            text);
    Instant time = Instant.parse(expected);
    assertThat(entry.timeNs).isEqualTo(time.getEpochSecond() * 1_000_000_000L + time.getNano());
  }

  @Test
  void whatIsNotUnderstoodIsNamedWithItsPlace() {
    assertThatThrownBy(() -> chain("- json: {expressions: {a: }}\n- gelf: {}"))
        .hasMessageContaining("line 2")
        .hasMessageContaining("stage 2, 'gelf', is unknown");
    assertThatThrownBy(() -> chain("- regx: {expression: 'x'}"))
        .hasMessageContaining("did you mean 'regex'");
    assertThatThrownBy(() -> chain("- regex: {expression: '(?P<a>x', sourc: y}"))
        .hasMessageContaining("not RE2");
    assertThatThrownBy(() -> chain("- json: {expressions: {a: 'x | y'}}"))
        .hasMessageContaining("JMESPath");
    assertThatThrownBy(() -> chain("- match: {selector: '{a=}', stages: [{docker: {}}]}"))
        .hasMessageContaining("position 4");
    assertThatThrownBy(() -> chain("- labels: {a: b}\n  output: {source: a}"))
        .hasMessageContaining("stage 1 must have one key");
    assertThatThrownBy(() -> chain("- timestamp: {source: a, format: 'no time'}"))
        .hasMessageContaining("has nothing of a time in it");
    assertThatThrownBy(() -> chain("- template: {source: a, template: '{{ .Value '}"))
        .hasMessageContaining("template");
  }
}
