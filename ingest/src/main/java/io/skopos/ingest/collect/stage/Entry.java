// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A line on its way through the stages, with what they take from it. Used by one thread. */
public final class Entry {

  /** The line without its end. */
  public String line;

  /** Unix nanoseconds. */
  public long timeNs;

  /** Labels of the stream, by name. */
  public final Map<String, String> labels = new TreeMap<>();

  /** What stages took from the line (strings, numbers, booleans), and the first labels. */
  public final Map<String, @Nullable Object> extracted = new HashMap<>();

  /** Structured metadata; null when there is none. */
  public @Nullable Map<String, String> metadata;

  /** Whose entry it is; null for the collector's tenant. */
  public @Nullable String tenant;

  /** Where the line begins in its source, in bytes; 0 where sources have no places. */
  public final long from;

  public Entry(String line, long timeNs, Labels labels, long from) {
    this.line = line;
    this.timeNs = timeNs;
    this.from = from;
    for (Label label : labels) {
      this.labels.put(label.name(), label.value());
      extracted.put(label.name(), label.value());
    }
  }

  /** What was taken under that name, as text; null when nothing was. */
  public @Nullable String text(String name) {
    Object value = extracted.get(name);
    return value == null ? null : text(value);
  }

  /** The line for the empty name, else what was taken under it. */
  @Nullable String source(String name) {
    return name.isEmpty() ? line : text(name);
  }

  /** Adds structured metadata. */
  public void metadata(String name, String value) {
    if (metadata == null) {
      metadata = new TreeMap<>();
    }
    metadata.put(name, value);
  }

  private static String text(Object value) {
    if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
      return Long.toString(number.longValue());
    }
    return value.toString();
  }
}
