// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.language.ast.Signature;
import io.skopos.metrics.language.ast.Signatures;
import io.skopos.metrics.language.ast.ValueType;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FunctionLibraryTest {

  /** These need the expression itself or the query's range, so the evaluator has them. */
  private static final Set<String> OF_THE_EVALUATOR =
      Set.of("absent", "absent_over_time", "timestamp", "info", "start", "end", "step", "range");

  @Test
  void everySignatureHasCodeOfTheKindItsTypesAskFor() {
    for (Signature signature : Signatures.all()) {
      String name = signature.name();
      if (OF_THE_EVALUATOR.contains(name)) {
        continue;
      }
      boolean range = signature.argumentTypes().contains(ValueType.MATRIX);
      boolean scalar = signature.returnType() == ValueType.SCALAR;
      assertThat(FunctionLibrary.range(name) != null).as(name).isEqualTo(range);
      assertThat(FunctionLibrary.scalar(name) != null).as(name).isEqualTo(scalar);
      assertThat(FunctionLibrary.vector(name) != null).as(name).isEqualTo(!range && !scalar);
    }
  }
}
