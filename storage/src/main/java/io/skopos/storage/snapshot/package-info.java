// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Copies of a data directory while its server goes on: {@link
 * io.skopos.storage.snapshot.DataSnapshot} links what is immutable, manifests first, so that every
 * part a manifest names is there. The copy is a data directory like any other.
 */
@NullMarked
package io.skopos.storage.snapshot;

import org.jspecify.annotations.NullMarked;
