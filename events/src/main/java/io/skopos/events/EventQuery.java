// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events;

import io.skopos.model.Matcher;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events.
 *
 * @param fromMs events that are over before are left out
 * @param toMs events that begin later are left out
 * @param kinds any of these; empty for all
 * @param entities about any of these; empty for all
 * @param labels conditions on labels, all of them
 * @param search words in title or text, in any case; empty for none
 * @param after where the page before ended; null for the first page
 */
public record EventQuery(
    long fromMs,
    long toMs,
    Set<String> kinds,
    Set<String> entities,
    List<Matcher> labels,
    String search,
    boolean newestFirst,
    int limit,
    @Nullable Cursor after) {

  /** An event's place in the order: by start, then id. */
  public record Cursor(long startMs, String id) {}

  /**
   * A page of events.
   *
   * @param next null when there are no more
   * @param warnings what could not be read
   */
  public record Page(List<Event> events, @Nullable Cursor next, List<String> warnings) {}
}
