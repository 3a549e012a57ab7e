// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RegexFilterTest {

  private static final List<String> ATOMS =
      List.of(
          "a",
          "b",
          "ab",
          "err",
          "k",
          "S",
          ".",
          "\\d",
          "\\w+",
          "\\s",
          "[ab]",
          "[^a]",
          "[a-c]",
          "(a|b)",
          "(err|warn|k)",
          "a?",
          "b*",
          "(ab)+",
          "a{2}",
          "b{1,3}",
          "^",
          "$",
          "\\b",
          "\\B",
          ".*",
          ".+",
          "é",
          "[é-ü]",
          "\\.",
          "(?i)k",
          "(?i:err)",
          "(?s:.)",
          "(?m:^a$)",
          "\\W",
          "x|",
          "[[:alpha:]]",
          "\\x41",
          "\\Qa.b\\E",
          "(?i)[^k]",
          "(?i)\\w");

  private static final List<String> PIECES =
      List.of(
          "a", "b", "ab", "err", "ERR", "warn", "k", "K", "\u212a", "s", "S", "\u017f", " ", "\n",
          "é", "ü", "1", "42", "_", ".", "x", "A", "€", "😀", "c", "a.b");

  @Test
  void decidesAsTheEngineDoes() {
    SplittableRandom random = new SplittableRandom(20251130);
    for (int round = 0; round < 1200; round++) {
      StringBuilder expression = new StringBuilder();
      int atoms = 1 + random.nextInt(5);
      for (int i = 0; i < atoms; i++) {
        expression.append(ATOMS.get(random.nextInt(ATOMS.size())));
        if (random.nextInt(8) == 0) {
          expression.append('|');
        }
      }
      boolean whole = random.nextInt(4) == 0;
      Pattern engine = Pattern.compile(expression.toString());
      RegexFilter filter = RegexFilter.compile(expression.toString(), whole);
      for (int text = 0; text < 12; text++) {
        StringBuilder line = new StringBuilder();
        int pieces = random.nextInt(8);
        for (int i = 0; i < pieces; i++) {
          line.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        byte[] bytes = ("??" + line + "??").getBytes(StandardCharsets.UTF_8);
        boolean expected = whole ? engine.matcher(line).matches() : engine.matcher(line).find();
        assertThat(filter.matches(bytes, 2, bytes.length - 4))
            .as("%s on '%s', whole %s", expression, line, whole)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void decidesOnBytesThatAreNotUtf8AsTheEngineDoes() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] bytes = new byte[6];
    for (int round = 0; round < 1200; round++) {
      String expression = List.of("a.b", "^.$", "[^a]+$", "é", "\\w.", "^..$").get(round % 6);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] =
            (byte) List.of(0x61, 0x62, 0xc3, 0xa9, 0x80, 0xff).get(random.nextInt(6)).intValue();
      }
      boolean expected = Pattern.compile(expression).matcher(bytes.clone()).find();
      assertThat(RegexFilter.compile(expression, false).matches(bytes, 0, bytes.length))
          .isEqualTo(expected);
    }
  }

  @Test
  void knowsTextsThatHaveToBeThere() {
    assertThat(RegexFilter.compile("status=5..", false).required()).containsExactly("status=5");
    assertThat(RegexFilter.compile(".*(error|warn).*", false).required())
        .containsExactly("error", "warn");
    assertThat(RegexFilter.compile("\\d+ timeout \\w+", false).required())
        .containsExactly(" timeout ");
    assertThat(RegexFilter.compile("(?i)error", false).required()).isEmpty();
    assertThat(RegexFilter.compile("a?|.*", false).required()).isEmpty();
  }

  @Test
  void staysLinearWhereBacktrackingWouldNot() {
    RegexFilter filter = RegexFilter.compile("(a*)*(a*)*(x+x+)+y$", false);
    byte[] bytes = ("a".repeat(20_000) + "x".repeat(20_000)).getBytes(StandardCharsets.UTF_8);
    assertThat(filter.matches(bytes, 0, bytes.length)).isFalse();
  }

  @Test
  void staysRightWhenItsTableOverflows() {
    String expression = "[ab]*a[ab]{14}c";
    RegexFilter filter = RegexFilter.compile(expression, false);
    Pattern engine = Pattern.compile(expression);
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 20; round++) {
      byte[] bytes = new byte[2000];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(300) == 0 ? 'c' : random.nextBoolean() ? 'a' : 'b');
      }
      assertThat(filter.matches(bytes, 0, bytes.length)).isEqualTo(engine.matcher(bytes).find());
    }
  }

  @Test
  void refusesWhatIsMalformed() {
    assertThatThrownBy(() -> RegexFilter.compile("(", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("error parsing regexp");
  }
}
