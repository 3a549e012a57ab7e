// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.UtcDay;

/** A durable frame on its way to the head. Positions ascend within a shard; gaps are normal. */
public interface AppendedFrame {

  Frame frame();

  long position();

  /**
   * True when that day's manifest says that rows up to this position are in parts: skip the frame's
   * rows of it.
   */
  boolean alreadyInParts(int utcDayNumber);

  default boolean alreadyInParts(UtcDay day) {
    return alreadyInParts(day.number());
  }
}
