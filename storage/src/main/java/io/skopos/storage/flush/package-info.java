// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * From heads to parts: {@link io.skopos.storage.flush.FlushCycle} freezes all shards at one cut of
 * the log, lets the stores write and publish parts, and then releases the log up to the cut. {@link
 * io.skopos.storage.flush.HeadPressure} says when memory asks for it.
 */
@NullMarked
package io.skopos.storage.flush;

import org.jspecify.annotations.NullMarked;
