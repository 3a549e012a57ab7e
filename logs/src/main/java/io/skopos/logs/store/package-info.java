// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Where log entries are kept. A {@link LogBatch} becomes frames of the log, rows of a head, then
 * parts of a tenant's day; a {@link LogSource} gives back the entries that may fit, a run of one
 * stream at a time, without touching what is not asked for. Knows nothing of LogQL: conditions come
 * as {@link EntryCondition}, which the store may use to skip and never has to hold exactly.
 */
@NullMarked
package io.skopos.logs.store;

import org.jspecify.annotations.NullMarked;
