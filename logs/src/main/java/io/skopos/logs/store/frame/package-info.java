// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Log entries as frames of the log (docs/formats/logs-frame.md): entries of a batch, grouped by
 * stream, readable with nothing but themselves. The lines are not taken apart here: a write must be
 * cheap, and the log compresses what it writes.
 */
@NullMarked
package io.skopos.logs.store.frame;

import org.jspecify.annotations.NullMarked;
