// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.text.StringSyntax;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.List;

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
    return Relabelled.of(call, destination, labels -> joined(labels, sources, separator));
  }

  private static String joined(Labels labels, List<String> sources, String separator) {
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < sources.size(); i++) {
      joined.append(i == 0 ? "" : separator).append(labels.getOrEmpty(sources.get(i)));
      Relabelled.checkLength(joined.length());
    }
    return joined.toString();
  }
}
