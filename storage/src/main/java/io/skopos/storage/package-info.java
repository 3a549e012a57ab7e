// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The ground every wing stands on, and its seams: {@link io.skopos.storage.Intake} is the one way
 * in, {@link io.skopos.storage.SignalStore} is what a wing gives the ground to apply, flush and
 * merge its rows.
 *
 * <p>A write: batch → frames → log (durable) → {@code SignalStore.apply} on the shard's single
 * writer → acknowledged; later frozen, flushed into a part, published by a manifest swap, merged,
 * dropped by retention. Nothing here knows what a sample, a line or a span is.
 */
@NullMarked
package io.skopos.storage;

import org.jspecify.annotations.NullMarked;
