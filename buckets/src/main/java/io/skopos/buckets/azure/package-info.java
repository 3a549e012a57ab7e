// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Azure Blob Storage over its REST protocol: signed by the account's key, by a shared access
 * signature, or with a token of a managed or workload identity.
 */
@NullMarked
package io.skopos.buckets.azure;

import org.jspecify.annotations.NullMarked;
