// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import static io.skopos.logs.language.pipeline.template.TemplateFunction.ANY;
import static io.skopos.logs.language.pipeline.template.TemplateFunction.add;

import io.skopos.logs.language.pipeline.text.ByteSizeText;
import io.skopos.logs.language.pipeline.text.GoDuration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Functions on numbers, and on texts that stand for some. */
final class NumberFunctions {

  private NumberFunctions() {}

  static void addTo(Map<String, TemplateFunction> to) {
    add(to, "int", 1, a -> GoValues.toLong(a.get(0)));
    add(to, "float64", 1, a -> GoValues.toDouble(a.get(0)));
    add(to, "add", 0, ANY, a -> whole(a, 0L, Long::sum));
    add(to, "sub", 2, a -> GoValues.toLong(a.get(0)) - GoValues.toLong(a.get(1)));
    add(to, "mul", 1, ANY, a -> whole(a, 1L, (left, right) -> left * right));
    add(to, "div", 2, a -> GoValues.toLong(a.get(0)) / divisor(a));
    add(to, "mod", 2, a -> GoValues.toLong(a.get(0)) % divisor(a));
    add(to, "max", 1, ANY, a -> whole(a, Long.MIN_VALUE, Math::max));
    add(to, "min", 1, ANY, a -> whole(a, Long.MAX_VALUE, Math::min));
    add(to, "addf", 1, ANY, a -> decimal(a, BigDecimal::add));
    add(to, "subf", 1, ANY, a -> decimal(a, BigDecimal::subtract));
    add(to, "mulf", 1, ANY, a -> decimal(a, BigDecimal::multiply));
    add(to, "divf", 1, ANY, a -> decimal(a, NumberFunctions::divide));
    add(to, "maxf", 1, ANY, a -> real(a, Math::max));
    add(to, "minf", 1, ANY, a -> real(a, Math::min));
    add(to, "ceil", 1, a -> Math.ceil(GoValues.toDouble(a.get(0))));
    add(to, "floor", 1, a -> Math.floor(GoValues.toDouble(a.get(0))));
    add(
        to,
        "round",
        2,
        3,
        a ->
            round(
                GoValues.toDouble(a.get(0)),
                a.whole(1),
                a.size() > 2 ? GoValues.toDouble(a.get(2)) : .5));
    add(to, "bytes", 1, a -> bytes(a.text(0)));
    add(to, "duration", 1, a -> seconds(a.text(0)));
    add(to, "duration_seconds", 1, a -> seconds(a.text(0)));
  }

  private static long divisor(TemplateFunction.Arguments arguments) {
    long divisor = GoValues.toLong(arguments.get(1));
    if (divisor == 0) {
      throw new TemplateFailed("runtime error: integer divide by zero");
    }
    return divisor;
  }

  private static long whole(
      TemplateFunction.Arguments arguments, long start, BinaryOperator<Long> with) {
    long value = start;
    for (int i = 0; i < arguments.size(); i++) {
      value = with.apply(value, GoValues.toLong(arguments.get(i)));
    }
    return value;
  }

  private static double real(TemplateFunction.Arguments arguments, BinaryOperator<Double> with) {
    double value = GoValues.toDouble(arguments.get(0));
    for (int i = 1; i < arguments.size(); i++) {
      value = with.apply(value, GoValues.toDouble(arguments.get(i)));
    }
    return value;
  }

  /** In decimals, so that a tenth is a tenth. */
  private static double decimal(
      TemplateFunction.Arguments arguments, BinaryOperator<BigDecimal> with) {
    BigDecimal value = decimal(GoValues.toDouble(arguments.get(0)));
    for (int i = 1; i < arguments.size(); i++) {
      value = with.apply(value, decimal(GoValues.toDouble(arguments.get(i))));
      if (value.precision() > 2000) {
        value = value.round(new java.math.MathContext(2000));
      }
    }
    return value.doubleValue();
  }

  private static BigDecimal decimal(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new TemplateFailed("Cannot create a Decimal from " + GoValues.text(value));
    }
    return BigDecimal.valueOf(value);
  }

  private static BigDecimal divide(BigDecimal left, BigDecimal right) {
    if (right.signum() == 0) {
      throw new TemplateFailed("decimal division by 0");
    }
    return left.divide(right, 16, RoundingMode.HALF_UP);
  }

  private static double round(double value, int places, double up) {
    double power = Math.pow(10, places);
    double digit = power * value;
    double rest = digit - (digit < 0 ? Math.ceil(digit) : Math.floor(digit));
    return (rest >= up ? Math.ceil(digit) : Math.floor(digit)) / power;
  }

  private static double bytes(String text) {
    double size = ByteSizeText.parse(text);
    if (size == ByteSizeText.INVALID) {
      throw new TemplateFailed(ByteSizeText.problem(text));
    }
    return size;
  }

  private static double seconds(String text) {
    long nanos = GoDuration.parse(text);
    if (nanos == GoDuration.INVALID) {
      throw new TemplateFailed(GoDuration.problem(text));
    }
    return GoDuration.seconds(nanos);
  }
}
