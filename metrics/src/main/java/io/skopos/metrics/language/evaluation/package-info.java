/**
 * Walks the syntax tree and turns it into step blocks: {@link
 * io.skopos.metrics.language.evaluation.Evaluator} for one grid, a class per kind of node that
 * needs more than a line. Subexpressions that stand still ({@code @}) are evaluated once and
 * repeated.
 */
@NullMarked
package io.skopos.metrics.language.evaluation;

import org.jspecify.annotations.NullMarked;
