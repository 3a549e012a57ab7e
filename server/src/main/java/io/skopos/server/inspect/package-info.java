// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What lies in a data directory or a bucket, looked at from outside while no server writes it:
 * {@link io.skopos.server.inspect.StoreInventory} counts, {@link
 * io.skopos.server.inspect.StoreVerification} reads every checksum, {@link
 * io.skopos.server.inspect.StoreCleaning} removes what nothing names. Nothing here mends.
 */
@NullMarked
package io.skopos.server.inspect;

import org.jspecify.annotations.NullMarked;
