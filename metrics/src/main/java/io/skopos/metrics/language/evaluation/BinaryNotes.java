// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.binary.OperatorNotes;
import io.skopos.metrics.language.ast.Binary;
import io.skopos.metrics.language.ast.BinaryOperator;
import io.skopos.metrics.language.function.AnnotationText;
import io.skopos.metrics.language.function.AnnotationText.Operation;
import io.skopos.metrics.language.function.PositionedAnnotations;

/** What binary operators tell of histograms, in Prometheus' words. */
record BinaryNotes(PositionedAnnotations annotations, Binary binary) implements OperatorNotes {

  @Override
  public void incompatibleTypes(boolean leftIsHistogram, boolean rightIsHistogram) {
    String symbol = binary.operator().symbol();
    annotations.info(
        "incompatible sample types encountered for binary operator \""
            + symbol
            + "\": "
            + type(leftIsHistogram)
            + " "
            + symbol
            + " "
            + type(rightIsHistogram),
        position());
  }

  @Override
  public void incompatibleBuckets() {
    annotations.warn(
        "incompatible bucket layout encountered for binary operator " + binary.operator().symbol(),
        position());
  }

  @Override
  public void resetsConflict() {
    annotations.warn(AnnotationText.resetsConflict(operation()), position());
  }

  @Override
  public void boundsReconciled() {
    annotations.info(AnnotationText.boundsReconciled(operation()), position());
  }

  private Operation operation() {
    return binary.operator() == BinaryOperator.ADD ? Operation.ADDITION : Operation.SUBTRACTION;
  }

  private int position() {
    return binary.position().start();
  }

  private static String type(boolean histogram) {
    return histogram ? "histogram" : "float";
  }
}
