// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import org.jspecify.annotations.Nullable;

/**
 * An object without its bytes.
 *
 * @param writeToken what its writer left with it, null when the store has none
 */
public record ObjectHead(long size, String version, @Nullable String writeToken) {}
