// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * One writer per shard: durable frames are applied to the heads in the order of their positions,
 * and all shards are frozen at one cut of the log. As many platform threads as cores, each with
 * several shards.
 */
@NullMarked
package io.skopos.storage.shard;

import org.jspecify.annotations.NullMarked;
