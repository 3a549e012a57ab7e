// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.engine.StepBlock;
import io.skopos.model.Labels;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * {@code hour}, {@code day_of_week} and the like: fields of UTC times that stand as Unix seconds in
 * the samples, or of the step's own time when there is no argument.
 */
record CalendarFunction(ToIntFunction<LocalDateTime> field) implements VectorFunction {

  static final Map<String, VectorFunction> ALL =
      Map.of(
          "minute", new CalendarFunction(LocalDateTime::getMinute),
          "hour", new CalendarFunction(LocalDateTime::getHour),
          "day_of_week", new CalendarFunction(time -> time.getDayOfWeek().getValue() % 7),
          "day_of_month", new CalendarFunction(LocalDateTime::getDayOfMonth),
          "day_of_year", new CalendarFunction(LocalDateTime::getDayOfYear),
          "days_in_month", new CalendarFunction(time -> time.toLocalDate().lengthOfMonth()),
          "month", new CalendarFunction(LocalDateTime::getMonthValue),
          "year", new CalendarFunction(LocalDateTime::getYear));

  private static final long FIRST_SECOND = Instant.MIN.getEpochSecond();
  private static final long LAST_SECOND = Instant.MAX.getEpochSecond();

  @Override
  public StepBlock apply(VectorCall call) {
    if (call.arguments() == 0) {
      return ofSteps(call);
    }
    StepBlock block = call.vector(0).floats();
    double[] values = block.values();
    double[] results = new double[block.size() * block.steps()];
    for (int series = 0; series < block.size(); series++) {
      for (int step = 0; step < block.steps(); step++) {
        int cell = series * block.steps() + step;
        if (block.present(series, step)) {
          results[cell] = of((long) values[cell]);
        }
      }
    }
    return block.withValues(results, true);
  }

  private StepBlock ofSteps(VectorCall call) {
    StepBlock.Builder builder = new StepBlock.Builder(call.grid(), 1);
    int series = builder.add(Labels.EMPTY, false);
    for (int step = 0; step < call.grid().steps(); step++) {
      builder.set(series, step, of(call.grid().timeMs(step) / 1000));
    }
    return builder.build();
  }

  private int of(long second) {
    long bounded = Math.clamp(second, FIRST_SECOND, LAST_SECOND);
    return field.applyAsInt(LocalDateTime.ofEpochSecond(bounded, 0, ZoneOffset.UTC));
  }
}
