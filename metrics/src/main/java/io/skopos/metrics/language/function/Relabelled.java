// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import org.jspecify.annotations.Nullable;

/** A block whose series get one label set anew. */
final class Relabelled {

  private Relabelled() {}

  /**
   * A label's value grows by a constant factor with each nested call, so that a short query could
   * ask for any number of bytes.
   */
  static final int MAX_VALUE_LENGTH = 64 * 1024;

  /** What a new label set costs beside its bytes. */
  private static final int LABELS_BYTES = 64;

  /** The new value of the label for a series, or null to leave it. */
  interface Value {
    @Nullable String of(Labels labels);
  }

  static StepBlock of(VectorCall call, String name, Value value) {
    StepBlock block = call.vector(0);
    Labels[] labels = new Labels[block.size()];
    long[] nameDropped = block.nameDroppedBits().clone();
    boolean namesMetric = name.equals(Label.METRIC_NAME);
    for (int series = 0; series < block.size(); series++) {
      Labels before = block.labels(series);
      String newValue = value.of(before);
      if (newValue == null) {
        labels[series] = before;
        continue;
      }
      checkLength(newValue.length());
      if (newValue.equals(before.getOrEmpty(name))) {
        labels[series] = before;
      } else {
        labels[series] = new LabelsBuilder(before).set(name, newValue).build();
        call.budget().addBytes(labels[series].canonicalBytes().length + LABELS_BYTES);
      }
      if ((series & 0xff) == 0) {
        call.budget().checkRunning();
      }
      if (namesMetric) {
        nameDropped[series >>> 6] &= ~(1L << series);
      }
    }
    return block.withLabels(labels, nameDropped);
  }

  static void checkLength(long length) {
    if (length > MAX_VALUE_LENGTH) {
      throw new QueryFailed(
          "label_replace() and label_join() make label values of at most "
              + MAX_VALUE_LENGTH
              + " characters; this one would have "
              + length
              + " or more");
    }
  }
}
