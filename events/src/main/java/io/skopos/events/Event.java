// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something changed.
 *
 * @param id sortable by time of creation; with the start it identifies the event
 * @param kind deploy, config, flag, fault, silence, probe, note, or a word of the sender's
 * @param title one line
 * @param text more words, empty when none
 * @param entities what it is about, each {@code kind:name}, e.g. {@code service:shop}
 * @param labels further names and values
 * @param startMs when it began, Unix milliseconds
 * @param endMs when it ended; null for a moment
 * @param ongoing it began and has not ended
 * @param link where more is said; empty when nowhere
 */
public record Event(
    String id,
    String kind,
    String title,
    String text,
    List<String> entities,
    Map<String, String> labels,
    long startMs,
    @Nullable Long endMs,
    boolean ongoing,
    String link) {

  public Event {
    entities = List.copyOf(entities);
    labels = Map.copyOf(labels);
  }
}
