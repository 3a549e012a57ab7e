// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

/**
 * One chunk of a series.
 *
 * @param data as in a block file between the encoding and the checksum, and as in remote read's
 *     {@code Chunk.data}; the receiver owns it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record EncodedChunk(
    ChunkEncoding encoding, long minTimeMs, long maxTimeMs, int samples, byte[] data) {}
