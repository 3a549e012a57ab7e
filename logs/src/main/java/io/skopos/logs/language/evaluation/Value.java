// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.StepBlock;

/** What a metric expression is worth on a grid. */
@SuppressWarnings("ArrayRecordComponent") // Columns are shared, never compared.
sealed interface Value {

  /** Points held by the block are charged to the query's budget until it is consumed. */
  record Vector(StepBlock block) implements Value {}

  /** One value per step. */
  record Scalars(double[] values) implements Value {}
}
