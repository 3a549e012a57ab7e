// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Log entries in memory: a {@code DayHead} per tenant, UTC day and shard keeps the columns of the
 * frames it was given, lines outside of the heap, and for each stream which rows are its own.
 * Nothing is taken apart here; that happens once, when a head is written as a part.
 */
@NullMarked
package io.skopos.logs.store.head;

import org.jspecify.annotations.NullMarked;
