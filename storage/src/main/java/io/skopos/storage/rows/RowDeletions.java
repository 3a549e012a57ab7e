// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.model.Matcher;
import io.skopos.storage.Deletion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Deletions made ready to test rows. Immutable. */
final class RowDeletions {

  static final RowDeletions NONE = new RowDeletions(List.of());

  private final List<Hidden> hidden;

  /** Rows at positions before {@code position}, within the times, that fit. */
  private record Hidden(
      long position,
      long fromTime,
      long toTime,
      List<RowCondition> conditions,
      List<List<RowCondition>> spared) {}

  private RowDeletions(List<Hidden> hidden) {
    this.hidden = hidden;
  }

  boolean isEmpty() {
    return hidden.isEmpty();
  }

  RowDeletions and(
      RowSchema schema, UnaryOperator<String> columnOf, long position, Deletion deletion) {
    long beyond = schema.fromMs(deletion.range().toMs());
    long toTime =
        beyond > Long.MAX_VALUE - schema.timeUnitsPerMs()
            ? Long.MAX_VALUE
            : beyond + schema.timeUnitsPerMs() - 1;
    List<Hidden> more = new ArrayList<>(hidden);
    more.add(
        new Hidden(
            position,
            schema.fromMs(deletion.range().fromMs()),
            toTime,
            conditions(columnOf, deletion.matchers()),
            deletion.spared().stream().map(one -> conditions(columnOf, one)).toList()));
    return new RowDeletions(more);
  }

  private static List<RowCondition> conditions(
      UnaryOperator<String> columnOf, List<Matcher> matchers) {
    List<RowCondition> conditions = new ArrayList<>();
    for (Matcher matcher : matchers) {
      conditions.add(RowCondition.Matches.of(columnOf.apply(matcher.name()), matcher));
    }
    return conditions;
  }

  boolean hides(RowRef ref) {
    for (Hidden deletion : hidden) {
      if (ref.position() < deletion.position() && fits(deletion, ref)) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(Hidden deletion, RowRef ref) {
    long time = ref.block().time(ref.row());
    if (time < deletion.fromTime() || time > deletion.toTime()) {
      return false;
    }
    if (!fits(deletion.conditions(), ref)) {
      return false;
    }
    for (List<RowCondition> spared : deletion.spared()) {
      if (fits(spared, ref)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(List<RowCondition> conditions, RowRef ref) {
    for (RowCondition condition : conditions) {
      if (!condition.fits(ref.block().column(condition.column()), ref.row())) {
        return false;
      }
    }
    return true;
  }
}
