// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Object stores outside the machine behind {@link io.skopos.storage.objects.ObjectStore}. {@link
 * io.skopos.buckets.Bucket} is one provider's way to say each request, tried once; {@link
 * io.skopos.buckets.BucketObjectStore} makes of it a store that keeps its promises: it retries,
 * bounds, counts, and finds out what became of a request whose answer was lost. {@link
 * io.skopos.buckets.ObjectStores} opens what a config asks for, and {@link
 * io.skopos.buckets.BucketCheck} tries at the start whether the bucket can do what the store builds
 * on.
 *
 * <p>Nothing here knows what the bytes mean; only {@code server} knows this room.
 */
@NullMarked
package io.skopos.buckets;

import org.jspecify.annotations.NullMarked;
