// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.chunk.TimeColumn;
import io.skopos.storage.bytes.ByteReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One chunk as it stands in a part. What is encoded is valid during the visit only, and is not
 * touched unless it is asked for.
 */
interface ChunkView {

  TimeColumn times();

  /** Whether some of its values are stale markers. */
  boolean hasStaleMarkers();

  /** Null when it has no aggregates, or none were wanted. */
  @Nullable ChunkAggregates known();

  ByteReader values();

  /** Null when all its samples are floats. */
  @Nullable ByteReader histograms() throws IOException;

  /** Null when no sample has one. */
  @Nullable ByteReader starts() throws IOException;
}
