// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberBytesTest {

  private final NumberBytes numbers = new NumberBytes();

  @Test
  void valuesAreWrittenAsGoWritesThem() {
    assertThat(value(0)).isEqualTo("0");
    assertThat(value(-0.0)).isEqualTo("-0");
    assertThat(value(1)).isEqualTo("1");
    assertThat(value(-12.5)).isEqualTo("-12.5");
    assertThat(value(0.1 + 0.2)).isEqualTo("0.30000000000000004");
    assertThat(value(1e-9)).isEqualTo("1e-09");
    assertThat(value(-1.5e-7)).isEqualTo("-1.5e-07");
    assertThat(value(1e-6)).isEqualTo("0.000001");
    assertThat(value(1e21)).isEqualTo("1e+21");
    assertThat(value(1e20)).isEqualTo("100000000000000000000");
    assertThat(value(1.7976931348623157e308)).isEqualTo("1.7976931348623157e+308");
    assertThat(value(Double.MIN_VALUE)).isEqualTo("5e-324");
    assertThat(value(-2 * Double.MIN_VALUE)).isEqualTo("-1e-323");
    assertThat(value(9007199254740993.0)).isEqualTo("9007199254740992");
    assertThat(value(1e17 + 0.5)).isEqualTo("100000000000000000");
    assertThat(value(1234567.125)).isEqualTo("1234567.125");
    assertThat(value(12345678.125)).isEqualTo("12345678.125");
    assertThat(value(0.001)).isEqualTo("0.001");
    assertThat(value(0.0001)).isEqualTo("0.0001");
    assertThat(value(Double.NaN)).isEqualTo("NaN");
    assertThat(value(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
    assertThat(value(Double.NEGATIVE_INFINITY)).isEqualTo("-Inf");
  }

  @Test
  void scalarsNeverHaveAnExponent() {
    assertThat(plain(0)).isEqualTo("0");
    assertThat(plain(-0.0)).isEqualTo("-0");
    assertThat(plain(5)).isEqualTo("5");
    assertThat(plain(1e-9)).isEqualTo("0.000000001");
    assertThat(plain(1.5e-7)).isEqualTo("0.00000015");
    assertThat(plain(1e21)).isEqualTo("1000000000000000000000");
    assertThat(plain(1.7976931348623157e308)).startsWith("17976931348623157000").hasSize(309);
    assertThat(plain(123456789012345678901234567890.0)).isEqualTo("123456789012345680000000000000");
    assertThat(plain(Double.MIN_VALUE)).hasSize(326).endsWith("0005");
    assertThat(plain(2 * Double.MIN_VALUE)).endsWith("0001");
  }

  @Test
  void everyFloatComesBackAndHasNoUselessDigit() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      double value =
          switch (i % 3) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextGaussian() * Math.pow(10, random.nextInt(-12, 13));
            default -> Math.rint(random.nextDouble() * 1e6) / 1000;
          };
      if (!Double.isFinite(value)) {
        continue;
      }
      assertThat(Double.doubleToRawLongBits(Double.parseDouble(value(value))))
          .as("%s, seed %d", value(value), seed)
          .isEqualTo(Double.doubleToRawLongBits(value));
      String text = plain(value);
      assertThat(Double.doubleToRawLongBits(Double.parseDouble(text)))
          .as("%s, seed %d", text, seed)
          .isEqualTo(Double.doubleToRawLongBits(value));
      assertThat(text).as("seed %d", seed).doesNotContain("E").doesNotMatch(".*\\.[0-9]*0");
      assertThat(text.replace("-", "")).as("seed %d", seed).doesNotMatch("0[0-9].*");
      int digits = new BigDecimal(text).stripTrailingZeros().precision();
      assertThat(digits).as("%s, seed %d", text, seed).isLessThanOrEqualTo(17);
    }
  }

  @Test
  void timesAreSecondsWithThreeDecimalsOrNone() {
    assertThat(seconds(1_435_781_430_781L)).isEqualTo("1435781430.781");
    assertThat(seconds(1_435_781_430_000L)).isEqualTo("1435781430");
    assertThat(seconds(1_500)).isEqualTo("1.500");
    assertThat(seconds(7)).isEqualTo("0.007");
    assertThat(seconds(-1_050)).isEqualTo("-1.050");
    assertThat(seconds(0)).isEqualTo("0");
  }

  private String value(double value) {
    return new String(numbers.bytes(), 0, numbers.writeValue(value), StandardCharsets.US_ASCII);
  }

  private String plain(double value) {
    return new String(numbers.bytes(), 0, numbers.writePlain(value), StandardCharsets.US_ASCII);
  }

  private String seconds(long timeMs) {
    return new String(numbers.bytes(), 0, numbers.writeSeconds(timeMs), StandardCharsets.US_ASCII);
  }
}
