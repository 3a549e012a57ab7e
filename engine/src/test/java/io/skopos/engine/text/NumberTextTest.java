// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0",
    "-0.0, -0, -0, -0",
    "NaN, NaN, NaN, NaN",
    "Infinity, +Inf, +Inf, +Inf",
    "1.5, 1.5, 1.5, 1.5",
    "-100, -100, -100, -100",
    "1e21, 1000000000000000000000, 1e+21, 1e+21",
    "123456789, 123456789, 123456789, 1.23457e+08",
    "1e-5, 0.00001, 1e-05, 1e-05",
    "0.0001, 0.0001, 0.0001, 0.0001",
    "1e100, 1"
        + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + ", 1e+100, 1e+100",
    "2.0000001, 2.0000001, 2.0000001, 2",
  })
  void numbersAreWrittenAsGoWritesThem(
      double value, String plain, String shortest, String sixDigits) {
    assertThat(NumberText.plain(value)).isEqualTo(plain);
    assertThat(NumberText.shortest(value)).isEqualTo(shortest);
    assertThat(NumberText.sixDigits(value)).isEqualTo(sixDigits);
  }
}
