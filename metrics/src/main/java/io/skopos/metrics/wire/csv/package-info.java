// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Rows of comma-separated values: {@link io.skopos.metrics.wire.csv.CsvFormat} says what the
 * columns are, {@link io.skopos.metrics.wire.csv.CsvLines} turns lines into rows. No HTTP here.
 */
@NullMarked
package io.skopos.metrics.wire.csv;

import org.jspecify.annotations.NullMarked;
