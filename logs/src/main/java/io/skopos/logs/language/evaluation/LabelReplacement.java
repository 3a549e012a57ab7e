// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.skopos.engine.LabelGroups;
import io.skopos.engine.LabelledRows;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.text.RegexTemplate;
import io.skopos.logs.language.ast.LabelReplace;
import io.skopos.model.Labels;

/** {@code label_replace}: a label's value made of another's. */
final class LabelReplacement {

  /**
   * A value grows by a constant factor with each nested call, so that a short query could ask for
   * any number of bytes.
   */
  private static final int MAX_VALUE_LENGTH = 64 * 1024;

  /** What a new label set costs beside its bytes. */
  private static final int LABELS_BYTES = 64;

  private final Evaluator evaluator;

  LabelReplacement(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  StepBlock evaluate(LabelReplace replace) {
    StepBlock block = evaluator.vector(replace.expr());
    Pattern pattern = Pattern.compile("^(?:" + replace.regex() + ")$");
    Labels[] labels = new Labels[block.size()];
    LabelGroups distinct = LabelGroups.whole();
    for (int series = 0; series < labels.length; series++) {
      labels[series] = replaced(replace, pattern, block.labels(series));
      distinct.idOf(labels[series]);
      if ((series & 0xff) == 0) {
        evaluator.context().budget().checkRunning();
      }
    }
    if (distinct.size() == labels.length) {
      return block.withLabels(labels, null);
    }
    return evaluator.replace(merged(block, labels), block);
  }

  private Labels replaced(LabelReplace replace, Pattern pattern, Labels before) {
    Matcher matcher = pattern.matcher(before.getOrEmpty(replace.source()));
    if (!matcher.matches()) {
      return before;
    }
    String value =
        RegexTemplate.expand(
            replace.replacement(), matcher, pattern, LabelReplacement::checkLength);
    Labels after = LabelBytes.with(before, replace.destination(), value);
    evaluator.context().budget().addBytes(after.canonicalBytes().length + LABELS_BYTES);
    return after;
  }

  private static void checkLength(long length) {
    if (length > MAX_VALUE_LENGTH) {
      throw new QueryFailed(
          "label_replace makes label values of at most "
              + MAX_VALUE_LENGTH
              + " characters; this one would have "
              + length
              + " or more");
    }
  }

  private static StepBlock merged(StepBlock block, Labels[] labels) {
    LabelledRows rows = new LabelledRows(block.grid(), labels.length);
    for (int series = 0; series < labels.length; series++) {
      int row = rows.row(labels[series], false);
      for (int step = 0; step < block.steps(); step++) {
        if (block.present(series, step)) {
          rows.copy(row, step, block, series);
        }
      }
    }
    return rows.build();
  }
}
