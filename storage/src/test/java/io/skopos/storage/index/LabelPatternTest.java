// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelPatternTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "host-000[0-7]:9100 8",
        "host-00(0[0-9]|1[0-5]):9100 16",
        "a|b|c 3",
        "a|a|a 1",
        "web-\\d 10",
        "(?:eu|us)-(east|west)-?[12] 16",
        "a\\.b 1",
      })
  void knownValuesAreLookedUpInsteadOfWalked(String expression, int values) {
    assertThat(LabelPattern.compile(expression).literals()).hasSize(values);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.*", ".*", "[^a]", "a+", "(?i)a", "\\w", "a.b", "[a-z]{2}", "^a$"})
  void otherExpressionsHaveNoKnownValues(String expression) {
    assertThat(LabelPattern.compile(expression).literals()).isNull();
  }

  /** Random expressions of the shapes we take apart, against the JDK's own engine. */
  @Test
  void agreesWithAnotherEngine() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int round = 0; round < 3_000; round++) {
      String expression = expression(random, 3);
      LabelPattern pattern = LabelPattern.compile(expression);
      Pattern oracle = Pattern.compile(expression, Pattern.DOTALL);
      for (int i = 0; i < 20; i++) {
        String value = text(random, random.nextInt(7));
        byte[] bytes = value.getBytes(UTF_8);
        assertThat(pattern.matches(bytes, 0, bytes.length))
            .as("seed %d: /%s/ on '%s'", seed, expression, value)
            .isEqualTo(oracle.matcher(value).matches());
      }
      assertThat(pattern.matchesEmpty()).isEqualTo(oracle.matcher("").matches());
    }
  }

  private static String expression(RandomGenerator random, int depth) {
    StringBuilder out = new StringBuilder();
    int pieces = random.nextInt(4);
    for (int i = 0; i < pieces; i++) {
      switch (random.nextInt(depth == 0 ? 4 : 7)) {
        case 0, 1 -> out.append(text(random, 1 + random.nextInt(2)));
        case 2 -> out.append(random.nextBoolean() ? ".*" : ".+");
        case 3 -> out.append("[ab]").append(random.nextInt(3) == 0 ? "?" : "");
        case 4 -> out.append('(').append(expression(random, depth - 1)).append(')');
        case 5 ->
            out.append("(?:")
                .append(expression(random, depth - 1))
                .append('|')
                .append(expression(random, depth - 1))
                .append(")")
                .append(random.nextInt(3) == 0 ? "?" : "");
        default -> out.append("(").append(text(random, 1)).append(")+");
      }
    }
    return out.toString();
  }

  private static String text(RandomGenerator random, int length) {
    List<String> letters = List.of("a", "b", "é", "\n", "a");
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(letters.get(random.nextInt(letters.size())));
    }
    return out.toString();
  }

  @Test
  void reportsWhatIsWrong() {
    assertThatThrownBy(() -> LabelPattern.compile("a("))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing closing )");
    assertThatThrownBy(() -> LabelPattern.compile("((a{1000}){1000}){1000}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expression too large");
    assertThatThrownBy(() -> LabelPattern.compile("(".repeat(5_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nests too deeply");
    assertThatThrownBy(() -> LabelPattern.compile("a".repeat(LabelPattern.MAX_LENGTH + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than the limit");
  }

  @Test
  void longAlternationsAreLeftToTheEngine() {
    StringBuilder expression = new StringBuilder("v0");
    for (int i = 1; i < 1_000; i++) {
      expression.append("|v").append(i);
    }
    LabelPattern pattern = LabelPattern.compile(expression.toString());
    byte[] value = "v999".getBytes(UTF_8);
    assertThat(pattern.matches(value, 0, value.length)).isTrue();
    assertThat(pattern.matches(value, 0, value.length - 1)).isTrue();
    assertThat(pattern.matches(value, 1, value.length - 1)).isFalse();
  }
}
