// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import java.math.BigDecimal;

/** Numbers as label values: the shortest decimal that reads back the same. */
final class DecimalText {

  private static final double PLAIN_FROM = 1e-6;
  private static final double PLAIN_TO = 1e21;

  private DecimalText() {}

  /** Boundaries and quantiles: never with an exponent. */
  static String plain(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return (1 / value < 0 && value == 0 ? "-" : "") + (long) value;
    }
    return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }

  /** Attributes: with an exponent where JSON writers use one. */
  static String of(double value) {
    double size = Math.abs(value);
    if (size == 0 || (size >= PLAIN_FROM && size < PLAIN_TO) || !Double.isFinite(value)) {
      return plain(value);
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + (exponent < 0 ? "-" : "+")
        + Math.abs(exponent);
  }
}
