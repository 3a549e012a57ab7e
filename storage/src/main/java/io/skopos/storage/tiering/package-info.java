// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Parts on their way into a bucket, and the bucket's own account of them. {@link
 * io.skopos.storage.tiering.Tiering} keeps the bucket like the local manifests: what is due goes up
 * ({@link io.skopos.storage.tiering.PartUpload}), then the bucket's manifests are swapped, then the
 * {@link io.skopos.storage.tiering.Ledger}, which proves that this process still owns the bucket,
 * and only then the local manifests. {@link io.skopos.storage.tiering.LedgerFollower} is the other
 * side: a reader that owns nothing.
 *
 * <p>The reasons stand in docs/decisions/object-storage.md, the bucket's layout in
 * docs/formats/bucket.md. Nothing here is on the way of a write.
 */
@NullMarked
package io.skopos.storage.tiering;

import org.jspecify.annotations.NullMarked;
