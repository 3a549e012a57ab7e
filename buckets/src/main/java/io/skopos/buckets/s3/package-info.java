// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * S3 and what speaks its protocol, through the AWS SDK: it signs, finds credentials and knows the
 * requests. Its own retries are off, as {@link io.skopos.buckets.BucketObjectStore} has better ones
 * for us, and its requests go through {@link io.skopos.buckets.http.HttpTransport}.
 */
@NullMarked
package io.skopos.buckets.s3;

import org.jspecify.annotations.NullMarked;
