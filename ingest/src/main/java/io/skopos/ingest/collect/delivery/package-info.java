// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The last steps of an entry that was collected: {@link
 * io.skopos.ingest.collect.delivery.EntryBatches} gathers entries by tenant, {@link
 * io.skopos.ingest.collect.delivery.Delivery} brings them to the store, again and again while it
 * has no room. Knows nothing of where entries come from.
 */
@NullMarked
package io.skopos.ingest.collect.delivery;

import org.jspecify.annotations.NullMarked;
