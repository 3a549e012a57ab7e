// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers as Prometheus (Go) writes them in labels and messages, so that texts agree to the letter.
 */
public final class NumberText {

  private NumberText() {}

  /** Shortest digits without exponent: {@code 'f', -1}. */
  public static String plain(double value) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    return stripped(new BigDecimal(Double.toString(value))).toPlainString();
  }

  /** Shortest digits, an exponent below 1e-4 and from 1e21: {@code %v}. */
  public static String shortest(double value) {
    return general(value, Double.toString(value), 21);
  }

  /** Six significant digits at most: {@code %.6g}. */
  public static String sixDigits(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return shortest(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6, RoundingMode.HALF_EVEN));
    return general(value, rounded.toString(), 6);
  }

  private static String general(double value, String digits, int exponentFrom) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal decimal = stripped(new BigDecimal(digits));
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < exponentFrom) {
      return decimal.toPlainString();
    }
    String unscaled = decimal.unscaledValue().abs().toString();
    String fraction = unscaled.length() > 1 ? "." + unscaled.substring(1) : "";
    int size = Math.abs(exponent);
    return (value < 0 ? "-" : "")
        + unscaled.charAt(0)
        + fraction
        + (exponent < 0 ? "e-" : "e+")
        + (size < 10 ? "0" : "")
        + size;
  }

  private static BigDecimal stripped(BigDecimal decimal) {
    return decimal.stripTrailingZeros();
  }

  private static String notFinite(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  }
}
