// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.util.List;

/**
 * Which rows, in which order.
 *
 * @param fromTime in the schema's unit, inclusive
 * @param toTime inclusive
 * @param conditions all must fit
 * @param newestFirst by time, then identity, descending; else ascending
 */
public record RowQuery(
    long fromTime, long toTime, List<RowCondition> conditions, boolean newestFirst) {

  public RowQuery {
    conditions = List.copyOf(conditions);
  }

  /** Takes rows until it says false. */
  @FunctionalInterface
  public interface Visitor {
    boolean row(RowBlock block, int row);
  }
}
