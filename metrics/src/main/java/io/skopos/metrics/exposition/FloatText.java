// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.math.BigDecimal;

/**
 * Numbers as the Go client writes them in expositions, so that label values agree to the letter.
 */
public final class FloatText {

  private FloatText() {}

  /** Text 0.0.4: shortest digits, an exponent below 1e-4 and from 1e6 ({@code 'g', -1}). */
  public static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    int size = Math.abs(exponent);
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (size < 10 ? "0" : "")
        + size;
  }

  /**
   * OpenMetrics, also {@code le} and {@code quantile} in protobuf: never without point or exponent.
   */
  public static String openMetrics(double value) {
    String text = text(value);
    boolean marked = !Double.isFinite(value) || text.indexOf('.') >= 0 || text.indexOf('e') >= 0;
    return marked ? text : value == 0 ? "0.0" : text + ".0";
  }
}
