// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalNumberTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "+1",
        "1.",
        ".5",
        "-.5e1",
        "08",
        "1e5",
        "1E+05",
        "1e-05",
        "123456789012345678901",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993.0000000000000000000000001",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1e-400",
        "0e999999999",
        "1.7976931348623157e308",
        "0.1",
        "1.0000000000000002",
        "1.00000000000000011102230246251565",
        "5e-324",
        "8.5e15",
        "18446744073709551615",
        "99999999999999999999",
        "1e23",
        "6.02214076e23",
        "1760000000.123",
        "1.7320508075688772e+09"
      })
  void isCorrectlyRounded(String text) {
    assertThat(Double.doubleToRawLongBits(DecimalNumber.parse(text)))
        .as(text)
        .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "1x",
        "x",
        "0x1p-3",
        "0X1",
        "1_000",
        "1e5f",
        "1d",
        "1f",
        "+nan",
        "-NaN",
        "infinit",
        "in",
        "1e309",
        "-1e309",
        "1e999999999999",
        "--1",
        "1..2",
        "1 ",
        " 1",
        "٣",
        "1.7976931348623159e308"
      })
  void refusesWhatPrometheusRefuses(String text) {
    assertThat(DecimalNumber.isInvalid(DecimalNumber.parse(text))).as(text).isTrue();
  }

  @Test
  void readsInfinitiesAndNotANumberInAnyCase() {
    assertThat(DecimalNumber.parse("+Inf")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(DecimalNumber.parse("inf")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(DecimalNumber.parse("-INFINITY")).isEqualTo(Double.NEGATIVE_INFINITY);
    for (String text : new String[] {"NaN", "nan", "NAN"}) {
      assertThat(Double.doubleToRawLongBits(DecimalNumber.parse(text)))
          .isEqualTo(0x7ff8000000000001L);
    }
  }

  @Test
  void agreesWithTheJdkOnRandomNumbers() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 300_000; i++) {
      String text = randomNumber(random);
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      double expected = Double.parseDouble(text);
      if (Double.isInfinite(expected)) {
        continue;
      }
      assertThat(Double.doubleToRawLongBits(DecimalNumber.parse(bytes, 0, bytes.length)))
          .as("%s (seed %d)", text, seed)
          .isEqualTo(Double.doubleToRawLongBits(expected));
    }
  }

  private static String randomNumber(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        double value = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(value) ? Double.toString(value) : "0";
      }
      case 1 -> Long.toUnsignedString(random.nextLong()) + "e" + random.nextInt(-350, 310);
      case 2 -> {
        // Half-way between two floats, and a bit beside it.
        double value = Double.longBitsToDouble(random.nextLong(0x3ff0L << 48, 0x43f0L << 48));
        java.math.BigDecimal middle =
            new java.math.BigDecimal(value)
                .add(new java.math.BigDecimal(Math.nextUp(value)))
                .divide(java.math.BigDecimal.TWO);
        yield middle.toPlainString() + (random.nextBoolean() && middle.scale() > 0 ? "1" : "");
      }
      default -> random.nextInt(-100_000, 100_000) + "." + random.nextInt(0, 100_000);
    };
  }
}
