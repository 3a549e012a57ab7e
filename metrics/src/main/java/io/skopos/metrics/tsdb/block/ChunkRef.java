// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

/**
 * What an index says about a chunk.
 *
 * @param reference segment number (from 0) in the upper, offset in the lower 32 bits
 */
record ChunkRef(long minTimeMs, long maxTimeMs, long reference) {

  int segment() {
    return (int) (reference >>> 32);
  }

  long offset() {
    return reference & 0xffff_ffffL;
  }
}
