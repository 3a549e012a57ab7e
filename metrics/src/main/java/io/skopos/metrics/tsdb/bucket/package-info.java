// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Buckets of blocks that Thanos or Mimir write, read where they are. {@link
 * io.skopos.metrics.tsdb.bucket.BlockListing} knows which blocks there are and asks again every
 * minute, {@link io.skopos.metrics.tsdb.bucket.BucketSamples} answers questions from them, a block
 * after the other as {@link io.skopos.metrics.tsdb.bucket.BlockSource}, and {@link
 * io.skopos.metrics.tsdb.bucket.UnitedSamples} puts these answers together with those of the store.
 * {@link io.skopos.metrics.tsdb.bucket.ObjectFiles} also serves the import of such a bucket.
 *
 * <p>Nothing here writes to a bucket, and what cannot be read is a warning, not an error.
 */
@NullMarked
package io.skopos.metrics.tsdb.bucket;

import org.jspecify.annotations.NullMarked;
