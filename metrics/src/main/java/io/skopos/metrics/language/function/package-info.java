/**
 * PromQL's functions. Two kinds, told apart by what they read:
 *
 * <ul>
 *   <li>{@link RangeFunction}s see one series' samples and a window per step ({@code rate}, {@code
 *       sum_over_time});
 *   <li>{@link VectorFunction}s and {@link ScalarFunction}s see whole step blocks ({@code abs},
 *       {@code histogram_quantile}, {@code scalar}).
 * </ul>
 *
 * They know nothing of parsing, plans and stores. What needs the expression itself and not only its
 * value ({@code absent}, {@code absent_over_time}, {@code timestamp}, {@code info}) is the
 * evaluator's.
 */
@NullMarked
package io.skopos.metrics.language.function;

import org.jspecify.annotations.NullMarked;
