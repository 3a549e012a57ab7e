// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Which parts make up a tenant's day of one signal, which deletions hide rows in them, and up to
 * which log position each shard's rows of that day are in parts. One small object per tenant ×
 * signal × day, changed by compare-and-swap with the owner's epoch; the log is replayed from the
 * least position that some day still needs.
 */
@NullMarked
package io.skopos.storage.manifest;

import org.jspecify.annotations.NullMarked;
