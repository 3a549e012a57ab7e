// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.StepBlock;
import io.skopos.engine.binary.BinaryOperator;
import io.skopos.engine.binary.OperatorNotes;
import io.skopos.engine.binary.ScalarOperation;
import io.skopos.engine.binary.SetOperation;
import io.skopos.engine.binary.SetOperator;
import io.skopos.engine.binary.VectorMatching;
import io.skopos.engine.binary.VectorOperation;
import io.skopos.metrics.language.ast.Binary;
import org.jspecify.annotations.Nullable;

/** Binary operators: the tree's operator and matching in the words of the engine. */
final class BinaryEvaluation {

  private final Evaluator evaluator;

  BinaryEvaluation(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  Value evaluate(Binary binary) {
    boolean told = evaluator.tellsResets();
    evaluator.tellResets(false);
    Value value = operate(binary);
    evaluator.tellResets(told);
    return value;
  }

  private Value operate(Binary binary) {
    return switch (binary.operator()) {
      case AND -> set(binary, SetOperator.AND);
      case OR -> set(binary, SetOperator.OR);
      case UNLESS -> set(binary, SetOperator.UNLESS);
      case EQUAL -> combine(binary, BinaryOperator.EQUAL);
      case NOT_EQUAL -> combine(binary, BinaryOperator.NOT_EQUAL);
      case LESS -> combine(binary, BinaryOperator.LESS);
      case LESS_OR_EQUAL -> combine(binary, BinaryOperator.LESS_OR_EQUAL);
      case GREATER -> combine(binary, BinaryOperator.GREATER);
      case GREATER_OR_EQUAL -> combine(binary, BinaryOperator.GREATER_OR_EQUAL);
      case ADD -> combine(binary, BinaryOperator.ADD);
      case SUBTRACT -> combine(binary, BinaryOperator.SUB);
      case MULTIPLY -> combine(binary, BinaryOperator.MUL);
      case DIVIDE -> combine(binary, BinaryOperator.DIV);
      case MODULO -> combine(binary, BinaryOperator.MOD);
      case ATAN2 -> combine(binary, BinaryOperator.ATAN2);
      case POWER -> combine(binary, BinaryOperator.POW);
      case TRIM_LOWER -> combine(binary, BinaryOperator.TRIM_LOWER);
      case TRIM_UPPER -> combine(binary, BinaryOperator.TRIM_UPPER);
    };
  }

  private Value set(Binary binary, SetOperator operator) {
    StepBlock left = evaluator.vector(binary.left());
    StepBlock right = evaluator.vector(binary.right());
    StepBlock result = SetOperation.apply(operator, left, right, matching(binary.matching()));
    return new Value.Vector(evaluator.replace(result, left, right));
  }

  private Value combine(Binary binary, BinaryOperator operator) {
    boolean bool = binary.returnBool();
    OperatorNotes notes = new BinaryNotes(evaluator.context().annotations(), binary);
    Value left = evaluator.evaluate(binary.left());
    Value right = evaluator.evaluate(binary.right());
    if (left instanceof Value.Vector(StepBlock block)) {
      if (right instanceof Value.Vector(StepBlock other)) {
        VectorMatching matching = matching(binary.matching());
        StepBlock result =
            VectorOperation.apply(
                operator, block, other, matching, bool, notes, evaluator.context().budget());
        return new Value.Vector(evaluator.replace(result, block, other));
      }
      StepBlock result = ScalarOperation.apply(operator, block, scalars(right), false, bool, notes);
      return new Value.Vector(evaluator.replace(result, block));
    }
    if (right instanceof Value.Vector(StepBlock block)) {
      StepBlock result = ScalarOperation.apply(operator, block, scalars(left), true, bool, notes);
      return new Value.Vector(evaluator.replace(result, block));
    }
    if (operator.isTrim()) {
      return new Value.Vector(StepBlock.empty(evaluator.grid()));
    }
    return new Value.Scalars(ScalarOperation.apply(operator, scalars(left), scalars(right)));
  }

  private static double[] scalars(Value value) {
    return ((Value.Scalars) value).values();
  }

  private static VectorMatching matching(
      io.skopos.metrics.language.ast.@Nullable VectorMatching matching) {
    if (matching == null) {
      return VectorMatching.DEFAULT;
    }
    VectorMatching.Cardinality cardinality =
        switch (matching.cardinality()) {
          case ONE_TO_ONE -> VectorMatching.Cardinality.ONE_TO_ONE;
          case MANY_TO_ONE -> VectorMatching.Cardinality.MANY_TO_ONE;
          case ONE_TO_MANY -> VectorMatching.Cardinality.ONE_TO_MANY;
          case MANY_TO_MANY -> VectorMatching.Cardinality.MANY_TO_MANY;
        };
    return new VectorMatching(
        cardinality,
        matching.on(),
        matching.labels(),
        matching.include(),
        matching.fillLeft(),
        matching.fillRight());
  }
}
