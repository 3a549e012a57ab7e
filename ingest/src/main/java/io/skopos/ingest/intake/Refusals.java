// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.model.TenantId;
import io.skopos.storage.WriteRefused;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What of one write was left out, by limit, each with its first case. Not thread-safe. */
final class Refusals {

  private static final int MAX_LABELS_SHOWN = 300;

  private final TenantId tenant;
  private final Map<String, Case> byKey = new LinkedHashMap<>();
  private long rows;
  private int status = 400;

  private static final class Case {
    final String first;
    long rows;

    Case(String first) {
      this.first = first;
    }
  }

  Refusals(TenantId tenant) {
    this.tenant = tenant;
  }

  /** Whether this limit refused something before, so that its words need not be made again. */
  boolean knows(String key) {
    return byKey.containsKey(key);
  }

  /**
   * @param key of the limit, as in the config
   * @param first what the first case was; looked at once per limit
   */
  void add(String key, long count, String first) {
    byKey.computeIfAbsent(key, _ -> new Case(first)).rows += count;
    rows += count;
  }

  /** Answers 429 from now on: what was left out may be taken later. */
  void tryAgain() {
    status = 429;
  }

  long rows() {
    return rows;
  }

  Map<String, Long> rowsByKey() {
    Map<String, Long> counts = new LinkedHashMap<>();
    byKey.forEach((key, each) -> counts.put(key, each.rows));
    return counts;
  }

  WriteRefused refused(long kept) {
    StringBuilder message = new StringBuilder();
    message
        .append(kept == 0 ? "nothing of the write was kept" : "kept " + kept + " rows")
        .append(", refused ")
        .append(rows);
    byKey.forEach((key, each) ->
        message
            .append("; ")
            .append(each.rows)
            .append(" by ")
            .append(key)
            .append(": ")
            .append(each.first)
            .append(" (for this tenant alone: overrides.")
            .append(tenant)
            .append('.')
            .append(key.startsWith("storage.") ? key.substring("storage.".length()) : key)
            .append(')'));
    return new WriteRefused(status, message.toString(), kept, rows);
  }

  static String shown(String labels) {
    return labels.length() > MAX_LABELS_SHOWN
        ? labels.substring(0, MAX_LABELS_SHOWN) + "…"
        : labels;
  }

  static String time(long timeMs) {
    try {
      return Instant.ofEpochMilli(timeMs).toString();
    } catch (DateTimeException e) {
      return timeMs + " ms";
    }
  }
}
