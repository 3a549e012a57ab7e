// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * A bucket of somebody else's blocks beside the store: {@link
 * io.skopos.server.imported.ImportedBucket} puts its pieces together, and its metrics appear under
 * names of their own.
 */
@NullMarked
package io.skopos.server.imported;

import org.jspecify.annotations.NullMarked;
