// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Prometheus' chunks: samples of one series as a bit stream. {@link
 * io.skopos.metrics.tsdb.chunk.ChunkDecoder} reads every encoding of blocks and of remote read into
 * a {@link io.skopos.metrics.store.SampleBuffer}; {@link io.skopos.metrics.tsdb.chunk.SeriesChunks}
 * cuts a buffer into chunks and writes them. Reference: Prometheus' {@code
 * tsdb/docs/format/chunks.md}. Files and checksums are {@code tsdb.block}'s.
 */
@NullMarked
package io.skopos.metrics.tsdb.chunk;

import org.jspecify.annotations.NullMarked;
