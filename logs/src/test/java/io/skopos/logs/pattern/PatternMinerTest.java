// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.language.pipeline.search.LinePattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatternMinerTest {

  private final PatternMiner miner = new PatternMiner(PatternMiner.Settings.DEFAULT);

  private List<String> patterns(String... lines) {
    for (String line : lines) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      miner.add(bytes, 0, bytes.length, 0, 1);
    }
    return miner.patterns().stream().map(PatternMiner.Mined::pattern).toList();
  }

  @Test
  void findsGapsInPlainLines() {
    assertThat(
            patterns(
                "2026-11-30 10:00:01 INFO request took 15ms for user anna",
                "2026-11-30 10:00:02 INFO request took 7ms for user bert",
                "2026-11-30 10:00:02 WARN disk is full"))
        .containsExactly("<_> INFO request took <_> for user <_>", "<_> WARN disk is full");
  }

  @Test
  void keepsKeysOfLogfmt() {
    assertThat(
            patterns(
                "ts=1 level=info msg=\"done it\" took=3ms",
                "ts=2 level=info msg=\"done it\" took=4ms"))
        .containsExactly("ts=<_> level=info msg=\"done it\" took=<_>");
  }

  @Test
  void takesTheMessageOfJson() {
    assertThat(
            patterns(
                "{\"ts\":1,\"msg\":\"login of anna from 10.0.0.1\",\"x\":1}",
                "{\"x\":2,\"msg\":\"login of bert from 10.0.0.2\",\"ts\":2}"))
        .containsExactly("<_>login of <_> from <_>");
  }

  @Test
  void coloursAreNoPartOfLines() {
    assertThat(
            patterns(
                "\u001b[90m10:00:01\u001b[0m \u001b[32mINF\u001b[0m request \u001b[1mdone\u001b[0m in \u001b[38;5;12m7\u001b[0m ms",
                "\u001b[90m10:00:02\u001b[0m \u001b[32mINF\u001b[0m request \u001b[1mdone\u001b[0m in \u001b[K12\u001b[0m ms",
                "10:00:03 INF request done in 15 ms"))
        .containsExactly("<_>INF<_>request<_>done<_>in<_>ms");
    assertThat(
            patterns(
                "{\"msg\":\"\\u001b[34mlogin\\u001b[0m of anna\"}",
                "{\"msg\":\"\\u001B[34mlogin\\u001B[0m of bert\"}"))
        .contains("<_>login<_>of <_>");
    assertThat(patterns("\u001b[36mlevel\u001b[0m=info \u001b[36mmsg\u001b[0m=started"))
        .contains("<_>level<_>=info<_>msg<_>=started");
  }

  @Test
  void countsBySteps() {
    byte[] line = "the same line".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 1000; i++) {
      miner.add(line, 0, line.length, i % 7 == 0 ? 3 : i / 100, 2);
    }
    PatternMiner.Mined mined = miner.patterns().getFirst();
    assertThat(mined.lines()).isEqualTo(2000);
    assertThat(mined.counts().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(2000);
    assertThat(mined.counts()).hasSize(10);
  }

  @Test
  void staysBounded() {
    PatternMiner small = new PatternMiner(new PatternMiner.Settings(4, 15, 0.5, 50, 200));
    for (int i = 0; i < 5000; i++) {
      String word = "w" + Integer.toString(i * 7919, 36).replaceAll("[0-9]", "q");
      byte[] line =
          (word.repeat(1 + i % 5) + " x ".repeat(i % 60)).getBytes(StandardCharsets.UTF_8);
      small.add(line, 0, line.length, 0, 1);
    }
    assertThat(small.patterns()).hasSizeLessThanOrEqualTo(50);
    long counted = small.patterns().stream().mapToLong(PatternMiner.Mined::lines).sum();
    assertThat(counted + small.skipped()).isEqualTo(5000);
  }

  @Test
  void everyPatternIsAFilterThatFitsItsLines() {
    SplittableRandom random = new SplittableRandom(4);
    List<String> pieces =
        List.of(
            "a",
            "bb",
            "<init>",
            "<_>",
            " ",
            "  ",
            "=",
            "k=v",
            "k=\"q r\"",
            "(",
            ")",
            "()",
            "12",
            "10.0.0.1",
            "Jan",
            "é",
            "\t",
            "{",
            "}",
            "\"msg\":",
            "\"x\"",
            ",",
            "<",
            ">",
            "|",
            "\u001b[31m",
            "\u001b[0m",
            "\u001b",
            "\\u001b[1;36m");
    List<String> lines = new ArrayList<>();
    List<Template> groups = new ArrayList<>();
    for (int i = 0; i < 8_000; i++) {
      StringBuilder line = new StringBuilder();
      int count = 1 + random.nextInt(8);
      for (int j = 0; j < count; j++) {
        line.append(pieces.get(random.nextInt(pieces.size())));
      }
      byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
      Template group = miner.group(bytes, 0, bytes.length);
      if (group != null) {
        lines.add(line.toString());
        groups.add(group);
      }
    }
    for (int i = 0; i < lines.size(); i++) {
      byte[] bytes = lines.get(i).getBytes(StandardCharsets.UTF_8);
      String text = groups.get(i).text();
      assertThat(new LinePattern(text).matches(bytes, 0, bytes.length))
          .as("'%s' fits '%s'", lines.get(i), text)
          .isTrue();
    }
  }
}
