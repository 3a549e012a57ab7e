// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import java.util.List;

/** Receives durable frames. */
@FunctionalInterface
public interface LogConsumer {

  /**
   * The frames of one append (or what was kept of it). Calls for a shard come one at a time, in
   * order of its positions. May block to slow the log down; must not throw.
   */
  void accept(List<Frame> frames, Positions positions);
}
