// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which entries a question needs, and what of them. Plain data.
 *
 * @param matchers all of which a stream's labels fit
 * @param fromNs Unix nanoseconds, included
 * @param toNs Unix nanoseconds, included
 * @param order in which runs come
 * @param conditions all of which an entry has to fit; the store may leave out entries that surely
 *     do not, and may ignore any of them
 * @param fields the parsed fields that will be asked for; null when that may be all
 */
public record LogSelection(
    TenantId tenant,
    List<Matcher> matchers,
    long fromNs,
    long toNs,
    Order order,
    List<EntryCondition> conditions,
    @Nullable Set<String> fields) {

  public LogSelection {
    matchers = List.copyOf(matchers);
    conditions = List.copyOf(conditions);
    fields = fields == null ? null : Set.copyOf(fields);
  }

  /** In which runs come; the entries of a run always ascend in time. */
  public enum Order {
    /** As they lie; the runs of one stream ascend in time and do not overlap. */
    BY_STREAM,
    /** Runs that may hold the newest entries first. */
    NEWEST_FIRST,
    /** Runs that may hold the oldest entries first. */
    OLDEST_FIRST
  }
}
