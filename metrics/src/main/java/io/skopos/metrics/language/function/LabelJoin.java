// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.metrics.language.ast.StringSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code label_join(v, dst, separator, src...)}. */
record LabelJoin() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    String destination = call.text(1);
    String separator = call.text(2);
    List<String> sources = new ArrayList<>();
    for (int i = 3; i < call.arguments(); i++) {
      String source = call.text(i);
      if (!StringSyntax.isLabelName(source)) {
        throw new QueryFailed("invalid source label name in label_join(): " + source);
      }
      sources.add(source);
    }
    if (!StringSyntax.isLabelName(destination)) {
      throw new QueryFailed("invalid destination label name in label_join(): " + destination);
    }
    return Relabelled.of(
        call.vector(0),
        destination,
        labels -> sources.stream().map(labels::getOrEmpty).collect(Collectors.joining(separator)));
  }
}
