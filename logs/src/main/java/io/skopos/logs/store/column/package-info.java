// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Byte strings of a block as columns (docs/formats/logs-part.md). {@code ColumnEncoder} looks at
 * the values and picks what stores them best and gives them back byte for byte; {@code Column}
 * reads any value by its number without decoding the others.
 */
@NullMarked
package io.skopos.logs.store.column;

import org.jspecify.annotations.NullMarked;
