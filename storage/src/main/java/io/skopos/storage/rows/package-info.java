// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The row store of events, and later of log entries, spans and profiles: rows with a time, fixed
 * columns and any number of attributes, each attribute a column.
 *
 * <p>Rows come as {@link io.skopos.storage.rows.RowBlock}s: in frames, in the head, and, sorted and
 * column by column as pages, in parts (docs/formats/rows-part.md). A question reads the block's
 * bounds and filters first, then the columns its conditions need, and the others only of rows that
 * are left. Values are bytes here; what they mean is the wing's business.
 */
@NullMarked
package io.skopos.storage.rows;

import org.jspecify.annotations.NullMarked;
