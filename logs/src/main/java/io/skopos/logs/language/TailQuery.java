// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.logs.store.LogRun;
import io.skopos.model.Labels;
import java.util.function.Consumer;

/** A log query for entries that have just come in. Not thread-safe: one for each listener. */
public interface TailQuery {

  /** Whether entries of a stream are of interest at all. */
  boolean matches(Labels stream);

  /**
   * Gives the run's entries that the query keeps to the sink, in the order of time.
   *
   * @param fromNs Unix nanoseconds; earlier entries are left out
   */
  void apply(LogRun run, long fromNs, Consumer<LogEntry> sink);
}
