/**
 * Operators between two step blocks, or a block and a scalar per step. Match groups are computed
 * once per series; where each has one series on either side, values are combined row by row, and
 * only ambiguous groups are resolved step by step.
 */
@NullMarked
package io.skopos.engine.binary;

import org.jspecify.annotations.NullMarked;
