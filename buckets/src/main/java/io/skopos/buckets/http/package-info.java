// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The connections under all providers: {@link io.skopos.buckets.http.HttpTransport} sends a request
 * and gives back a body that ends at the deadline. The JDK's client, with the config's trust.
 *
 * <p>Nothing here knows what a bucket is.
 */
@NullMarked
package io.skopos.buckets.http;

import org.jspecify.annotations.NullMarked;
