// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.binary;

import io.skopos.engine.LabelGroups;
import io.skopos.engine.LabelSelection;
import io.skopos.engine.LabelledRows;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.SeriesByGroup;
import io.skopos.engine.StepBlock;
import io.skopos.engine.binary.VectorMatching.Cardinality;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.histogram.NativeHistogram;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic and comparisons between two blocks. The "one" side is looked up, the "many" side is
 * walked; for one-to-one matching the left side is walked.
 */
public final class VectorOperation {

  /** Labels that describe what a metric is; arithmetic makes them untrue. */
  private static final List<String> METADATA_LABELS =
      List.of(Label.METRIC_NAME, "__type__", "__unit__");

  private static final int NONE = -1;

  private final BinaryOperator operator;
  private final VectorMatching matching;
  private final boolean bool;
  private final boolean swapped;
  private final StepBlock many;
  private final StepBlock one;
  private final LabelGroups signatures;
  private final int[] manyIds;
  private final int[] oneIds;
  private final SeriesByGroup manyMembers;
  private final SeriesByGroup oneMembers;
  private final @Nullable Double fillMany;
  private final @Nullable Double fillOne;
  private final LabelSelection manyLabels;
  private final LabelledRows rows;
  private final PointOperation pointOperation;
  private final OperatorNotes notes;
  private final QueryBudget budget;
  private int heldRows;

  private VectorOperation(
      BinaryOperator operator,
      StepBlock left,
      StepBlock right,
      VectorMatching matching,
      boolean bool,
      OperatorNotes notes,
      QueryBudget budget) {
    this.budget = budget;
    this.notes = notes;
    this.operator = operator;
    this.matching = matching;
    this.bool = bool;
    swapped = matching.cardinality() == Cardinality.ONE_TO_MANY;
    many = swapped ? right : left;
    one = swapped ? left : right;
    fillMany = swapped ? matching.fillRight() : matching.fillLeft();
    fillOne = swapped ? matching.fillLeft() : matching.fillRight();
    signatures = new LabelGroups(matching.signature());
    manyIds = signatures.idsOf(many);
    oneIds = signatures.idsOf(one);
    manyMembers = SeriesByGroup.of(manyIds, signatures.size());
    oneMembers = SeriesByGroup.of(oneIds, signatures.size());
    manyLabels = resultLabels();
    rows = new LabelledRows(left.grid(), many.size());
    pointOperation = new PointOperation(operator, bool, notes);
  }

  /**
   * @param bool whether a comparison answers 0 or 1 instead of filtering
   * @param budget charged while rows are made: there may be one for each pair of series
   * @throws QueryFailed when a sample has several matches, with the text of the notes
   */
  public static StepBlock apply(
      BinaryOperator operator,
      StepBlock left,
      StepBlock right,
      VectorMatching matching,
      boolean bool,
      OperatorNotes notes,
      QueryBudget budget) {
    return new VectorOperation(operator, left, right, matching, bool, notes, budget).run();
  }

  private StepBlock run() {
    boolean filled = fillMany != null || fillOne != null;
    for (int id = 0; id < signatures.size(); id++) {
      budget.checkRunning();
      int manyCount = manyMembers.end(id) - manyMembers.start(id);
      int oneCount = oneMembers.end(id) - oneMembers.start(id);
      if (filled || oneCount > 1) {
        resolve(id);
      } else if (oneCount == 1 && manyCount > 0 && !combineRows(id)) {
        resolve(id);
      }
    }
    // From here on the evaluator counts them, as it does the results of all operators.
    budget.releaseSamples((long) heldRows * many.steps());
    return rows.build().withoutEmptySeries();
  }

  /**
   * A match group with one series on the one side: row by row, if nothing can be ambiguous.
   *
   * @return whether that was so
   */
  private boolean combineRows(int id) {
    int first = manyMembers.start(id);
    int count = manyMembers.end(id) - first;
    if (count > 1 && matching.cardinality() == Cardinality.ONE_TO_ONE) {
      return false;
    }
    int oneSeries = oneMembers.series(oneMembers.start(id));
    int[] rowOf = new int[count];
    for (int i = 0; i < count; i++) {
      int known = rows.size();
      rowOf[i] = row(many.labels(manyMembers.series(first + i)), one.labels(oneSeries));
      if (rowOf[i] != known) {
        return false;
      }
    }
    for (int i = 0; i < count; i++) {
      int manySeries = manyMembers.series(first + i);
      for (int step = 0; step < many.steps(); step++) {
        if (many.present(manySeries, step) && one.present(oneSeries, step)) {
          combine(
              rowOf[i],
              step,
              many.value(manySeries, step),
              many.histogram(manySeries, step),
              one.value(oneSeries, step),
              one.histogram(oneSeries, step));
        }
      }
    }
    return true;
  }

  /** A match group with several series on a side, or with fills: step by step. */
  private void resolve(int id) {
    int[] manySeries = manyMembers.members(id);
    int[] oneSeries = oneMembers.members(id);
    Labels signature = signatures.labels(id);
    RowsOfPairs rowOf = new RowsOfPairs(manySeries.length + 1, oneSeries.length + 1);
    Set<Integer> matchedRows = new HashSet<>();
    for (int step = 0; step < many.steps(); step++) {
      budget.checkRunning();
      int match = matchAt(oneSeries, step, id);
      boolean anyMany = false;
      matchedRows.clear();
      for (int i = 0; i < manySeries.length; i++) {
        if (!many.present(manySeries[i], step) || (match == NONE && fillOne == null)) {
          continue;
        }
        int row = rowOf.get(i, match + 1);
        if (row == NONE) {
          Labels lent = match == NONE ? signature : one.labels(oneSeries[match]);
          row = row(many.labels(manySeries[i]), lent);
          rowOf.put(i, match + 1, row);
        }
        if (anyMany && matching.cardinality() == Cardinality.ONE_TO_ONE) {
          throw new QueryFailed(
              "multiple matches for labels: many-to-one matching must be explicit"
                  + " (group_left/group_right)");
        }
        if (!matchedRows.add(row)) {
          throw new QueryFailed(
              "multiple matches for labels: grouping labels must ensure unique matches");
        }
        anyMany = true;
        combine(
            row,
            step,
            many.value(manySeries[i], step),
            many.histogram(manySeries[i], step),
            match == NONE ? orZero(fillOne) : one.value(oneSeries[match], step),
            match == NONE ? null : one.histogram(oneSeries[match], step));
      }
      if (!anyMany && match != NONE && fillMany != null) {
        int row = rowOf.get(manySeries.length, match + 1);
        if (row == NONE) {
          row = row(signature, one.labels(oneSeries[match]));
          rowOf.put(manySeries.length, match + 1, row);
        }
        combine(
            row,
            step,
            fillMany,
            null,
            one.value(oneSeries[match], step),
            one.histogram(oneSeries[match], step));
      }
    }
  }

  /** The position of the one series with a point, or none. */
  private int matchAt(int[] oneSeries, int step, int id) {
    int match = NONE;
    for (int i = 0; i < oneSeries.length; i++) {
      if (!one.present(oneSeries[i], step)) {
        continue;
      }
      if (match != NONE && (anyManyAt(step) || fillMany != null)) {
        throw new QueryFailed(
            notes.duplicateSeries(
                signatures.labels(id),
                swapped,
                one.labels(oneSeries[match]),
                one.labels(oneSeries[i])));
      }
      match = i;
    }
    return match;
  }

  private boolean anyManyAt(int step) {
    for (int series = 0; series < many.size(); series++) {
      if (many.present(series, step)) {
        return true;
      }
    }
    return false;
  }

  private void combine(
      int row,
      int step,
      double manyValue,
      @Nullable NativeHistogram manyHistogram,
      double oneValue,
      @Nullable NativeHistogram oneHistogram) {
    double left = swapped ? oneValue : manyValue;
    double right = swapped ? manyValue : oneValue;
    if (pointOperation.concerns(manyHistogram, oneHistogram)) {
      boolean kept =
          pointOperation.apply(
              left,
              swapped ? oneHistogram : manyHistogram,
              right,
              swapped ? manyHistogram : oneHistogram);
      if (kept && pointOperation.histogram != null) {
        rows.set(row, step, pointOperation.histogram);
      } else if (kept) {
        rows.set(row, step, pointOperation.value);
      }
    } else if (!operator.isComparison() || bool) {
      rows.set(row, step, operator.apply(left, right));
    } else if (operator.holds(left, right)) {
      rows.set(row, step, left);
    }
  }

  private int row(Labels manySide, Labels oneSide) {
    Labels labels = manyLabels.apply(manySide);
    if (!matching.include().isEmpty()) {
      LabelsBuilder builder = new LabelsBuilder(labels);
      for (String name : matching.include()) {
        builder.set(name, oneSide.getOrEmpty(name));
      }
      labels = builder.build();
    }
    int row = rows.row(labels, bool);
    if (rows.size() > heldRows) {
      heldRows++;
      budget.holdSamples(many.steps());
    }
    return row;
  }

  /** What a result keeps of the many side's labels. */
  private LabelSelection resultLabels() {
    Set<String> dropped = new HashSet<>();
    if (!operator.isComparison() && !operator.isTrim()) {
      dropped.addAll(METADATA_LABELS);
    }
    if (matching.cardinality() != Cardinality.ONE_TO_ONE) {
      return LabelSelection.dropping(dropped);
    }
    if (matching.on()) {
      Set<String> kept = new HashSet<>(matching.names());
      kept.removeAll(dropped);
      return LabelSelection.keeping(kept);
    }
    dropped.addAll(matching.names());
    return LabelSelection.dropping(dropped);
  }

  private static double orZero(@Nullable Double fill) {
    return fill == null ? 0 : fill;
  }
}
