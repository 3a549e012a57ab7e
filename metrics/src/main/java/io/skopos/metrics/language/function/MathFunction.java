// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import static java.util.Map.entry;

import io.skopos.engine.StepBlock;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Functions of one number, applied to every sample. */
record MathFunction(DoubleUnaryOperator operator) implements VectorFunction {

  static final Map<String, VectorFunction> ALL =
      Map.ofEntries(
          entry("abs", new MathFunction(Math::abs)),
          entry("ceil", new MathFunction(Math::ceil)),
          entry("floor", new MathFunction(Math::floor)),
          entry("sgn", new MathFunction(value -> value < 0 ? -1 : value > 0 ? 1 : value)),
          entry("exp", new MathFunction(Math::exp)),
          entry("sqrt", new MathFunction(Math::sqrt)),
          entry("ln", new MathFunction(Math::log)),
          entry("log2", new MathFunction(MathFunction::log2)),
          entry("log10", new MathFunction(Math::log10)),
          entry("sin", new MathFunction(Math::sin)),
          entry("cos", new MathFunction(Math::cos)),
          entry("tan", new MathFunction(Math::tan)),
          entry("asin", new MathFunction(Math::asin)),
          entry("acos", new MathFunction(Math::acos)),
          entry("atan", new MathFunction(Math::atan)),
          entry("sinh", new MathFunction(Math::sinh)),
          entry("cosh", new MathFunction(Math::cosh)),
          entry("tanh", new MathFunction(Math::tanh)),
          entry("asinh", new MathFunction(MathFunction::asinh)),
          entry("acosh", new MathFunction(MathFunction::acosh)),
          entry("atanh", new MathFunction(MathFunction::atanh)),
          entry("rad", new MathFunction(value -> value * Math.PI / 180)),
          entry("deg", new MathFunction(value -> value * 180 / Math.PI)));

  private static final double LN_2 = Math.log(2);

  @Override
  public StepBlock apply(VectorCall call) {
    StepBlock block = call.vector(0).floats();
    double[] values = block.values();
    double[] results = new double[block.size() * block.steps()];
    for (int series = 0; series < block.size(); series++) {
      for (int step = 0; step < block.steps(); step++) {
        if (block.present(series, step)) {
          int cell = series * block.steps() + step;
          results[cell] = operator.applyAsDouble(values[cell]);
        }
      }
    }
    return block.withValues(results, true);
  }

  /** Exact for powers of two, which a quotient of logarithms is not. */
  private static double log2(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      return Math.log(value);
    }
    double normal = value;
    int exponent = 0;
    if (value < Double.MIN_NORMAL) {
      normal = value * 0x1p60;
      exponent = -60;
    }
    exponent += Math.getExponent(normal);
    double fraction = Math.scalb(normal, -Math.getExponent(normal));
    return fraction == 1 ? exponent : exponent + Math.log(fraction) / LN_2;
  }

  private static double asinh(double value) {
    double size = Math.abs(value);
    double result;
    if (size > 0x1p28) {
      result = Math.log(size) + LN_2;
    } else if (size > 2) {
      result = Math.log(2 * size + 1 / (Math.sqrt(size * size + 1) + size));
    } else if (size < 0x1p-28) {
      result = size;
    } else {
      result = Math.log1p(size + size * size / (1 + Math.sqrt(1 + size * size)));
    }
    return Double.isNaN(value) ? value : Math.copySign(result, value);
  }

  private static double acosh(double value) {
    if (value >= 0x1p28) {
      return Math.log(value) + LN_2;
    }
    if (value > 2) {
      return Math.log(2 * value - 1 / (value + Math.sqrt(value * value - 1)));
    }
    double above = value - 1;
    return above < 0 ? Double.NaN : Math.log1p(above + Math.sqrt(2 * above + above * above));
  }

  private static double atanh(double value) {
    double size = Math.abs(value);
    double result;
    if (size < 0x1p-28) {
      result = size;
    } else if (size < 0.5) {
      result = 0.5 * Math.log1p(size + size + (size + size) * size / (1 - size));
    } else {
      result = 0.5 * Math.log1p((size + size) / (1 - size));
    }
    return Double.isNaN(value) ? value : Math.copySign(result, value);
  }
}
