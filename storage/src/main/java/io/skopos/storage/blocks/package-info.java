// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Parts that lie in the bucket, as they are read: in blocks, through a bounded cache on the local
 * disk. {@link io.skopos.storage.blocks.BlockCache} finds or fetches a block, {@link
 * io.skopos.storage.blocks.RemoteReads} asks the bucket for it, patiently for single failures and
 * not at all for a while when it is away, and {@link io.skopos.storage.blocks.ReadContext} tells a
 * query what its reads cost.
 *
 * <p>Nothing here knows what a part holds, and nothing here is ever the only copy.
 */
@NullMarked
package io.skopos.storage.blocks;

import org.jspecify.annotations.NullMarked;
