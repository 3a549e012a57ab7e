// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.histogram.HistogramEquality;
import io.skopos.engine.histogram.HistogramSum;
import io.skopos.engine.histogram.HistogramTrim;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import org.jspecify.annotations.Nullable;

/** An operator on two points at least one of which is a histogram, or that cannot be floats. */
final class PointOperation {

  private final BinaryOperator operator;
  private final boolean bool;
  private final OperatorNotes notes;

  /** The result, after {@link #apply} answered that there is one; a float if this is null. */
  @Nullable NativeHistogram histogram;

  double value;

  PointOperation(BinaryOperator operator, boolean bool, OperatorNotes notes) {
    this.operator = operator;
    this.bool = bool;
    this.notes = notes;
  }

  /** Whether two points need this class. */
  boolean concerns(@Nullable NativeHistogram left, @Nullable NativeHistogram right) {
    return left != null || right != null || operator.isTrim();
  }

  /** Whether there is a result. */
  boolean apply(
      double left,
      @Nullable NativeHistogram leftHistogram,
      double right,
      @Nullable NativeHistogram rightHistogram) {
    histogram = null;
    if (leftHistogram != null && rightHistogram != null) {
      return both(leftHistogram, rightHistogram);
    }
    if (leftHistogram != null) {
      histogram = withFloat(leftHistogram, right);
    } else if (rightHistogram != null && operator == BinaryOperator.MUL) {
      histogram = multiplied(rightHistogram, left);
    }
    if (histogram == null) {
      notes.incompatibleTypes(leftHistogram != null, rightHistogram != null);
    }
    return histogram != null;
  }

  private boolean both(NativeHistogram left, NativeHistogram right) {
    switch (operator) {
      case ADD, SUB -> {
        histogram = sum(left, right);
        return histogram != null;
      }
      case EQUAL, NOT_EQUAL -> {
        boolean holds = HistogramEquality.holds(left, right) == (operator == BinaryOperator.EQUAL);
        value = holds ? 1 : 0;
        histogram = bool ? null : left;
        return bool || holds;
      }
      case MUL,
          DIV,
          MOD,
          POW,
          ATAN2,
          TRIM_UPPER,
          TRIM_LOWER,
          GREATER,
          LESS,
          GREATER_OR_EQUAL,
          LESS_OR_EQUAL -> {
        notes.incompatibleTypes(true, true);
        return false;
      }
    }
    throw new IllegalStateException("unknown operator " + operator);
  }

  private @Nullable NativeHistogram sum(NativeHistogram left, NativeHistogram right) {
    HistogramSum sum = HistogramSum.of(left);
    if (!sum.fits(right)) {
      notes.incompatibleBuckets();
      return null;
    }
    if (operator == BinaryOperator.ADD) {
      sum.add(right);
    } else {
      sum.subtract(right);
      sum.hint(ResetHint.GAUGE);
    }
    if (sum.resetsConflict()) {
      notes.resetsConflict();
    }
    if (sum.boundsReconciled()) {
      notes.boundsReconciled();
    }
    return sum.toHistogram();
  }

  private @Nullable NativeHistogram withFloat(NativeHistogram left, double right) {
    return switch (operator) {
      case MUL -> multiplied(left, right);
      case DIV, RATIO -> {
        HistogramSum quotient = HistogramSum.of(left);
        quotient.divide(right);
        yield quotient.toHistogram();
      }
      case TRIM_UPPER -> HistogramTrim.above(left, right);
      case TRIM_LOWER -> HistogramTrim.below(left, right);
      case ADD,
          SUB,
          MOD,
          POW,
          ATAN2,
          EQUAL,
          NOT_EQUAL,
          GREATER,
          LESS,
          GREATER_OR_EQUAL,
          LESS_OR_EQUAL ->
          null;
    };
  }

  private static NativeHistogram multiplied(NativeHistogram histogram, double factor) {
    HistogramSum product = HistogramSum.of(histogram);
    product.multiply(factor);
    return product.toHistogram();
  }
}
