// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.storage.bytes.ByteReader;
import org.jspecify.annotations.Nullable;

/**
 * One chunk as it stands in a part. What is encoded is valid during the visit only.
 *
 * @param known null when it has no aggregates, or none were wanted
 * @param histograms null when all its samples are floats
 * @param starts null when no sample has one
 */
record ChunkView(
    TimeColumn times,
    @Nullable ChunkAggregates known,
    ByteReader values,
    @Nullable ByteReader histograms,
    @Nullable ByteReader starts) {}
