// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import java.util.List;

/** Rows of one signal in memory, in the wing's own columnar form, as a decoder produced them. */
public interface Batch {

  Signal signal();

  /** How many rows (samples, lines, spans, events) it holds. */
  int rows();

  /** Earliest row time in ms; {@code Long.MAX_VALUE} when empty. */
  long minTimeMs();

  /** Latest row time in ms; {@code Long.MIN_VALUE} when empty. */
  long maxTimeMs();

  /**
   * Encodes the rows as self-contained frames, at most one per shard unless one would be too large.
   */
  List<Frame> toFrames(TenantId tenant, Sharding sharding);
}
