// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.language.Direction;
import io.skopos.logs.language.LogEntry;
import io.skopos.logs.language.LogStream;
import io.skopos.model.Labels;
import io.skopos.serving.answer.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Streams of entries in Loki's shape: {@code [{"stream":{…},"values":[["ns","line"]]}]}. With
 * categorized labels a stream has its own labels only, and each entry a third element that tells
 * structured metadata from what was parsed.
 */
final class StreamsJson {

  /** The word in {@code X-Loki-Response-Encoding-Flags} and {@code encodingFlags}. */
  static final String CATEGORIZE = "categorize-labels";

  private StreamsJson() {}

  static void write(JsonText json, List<LogStream> streams, boolean categorized)
      throws IOException {
    json.raw('[');
    for (int i = 0; i < streams.size(); i++) {
      LogStream stream = streams.get(i);
      json.raw(i == 0 ? "{\"stream\":" : ",{\"stream\":").labels(stream.labels());
      json.raw(",\"values\":[");
      boolean first = true;
      for (LogEntry entry : stream.entries()) {
        json.raw(first ? "[\"" : ",[\"").integer(entry.timeNs()).raw("\",").string(entry.line());
        if (categorized) {
          categories(json, entry.labels());
        }
        json.raw(']');
        first = false;
      }
      json.raw("]}");
    }
    json.raw(']');
  }

  private static void categories(JsonText json, LogEntry.EntryLabels labels) throws IOException {
    json.raw(",{");
    boolean metadata = !labels.metadata().isEmpty();
    if (metadata) {
      json.raw("\"structuredMetadata\":").labels(labels.metadata());
    }
    if (!labels.parsed().isEmpty()) {
      json.raw(metadata ? ",\"parsed\":" : "\"parsed\":").labels(labels.parsed());
    }
    json.raw('}');
  }

  /** The same entries by what is left of their streams' own labels. */
  static List<LogStream> byOwnLabels(List<LogStream> streams, Direction direction) {
    Map<Labels, List<LogEntry>> byLabels = new TreeMap<>();
    for (LogStream stream : streams) {
      for (LogEntry entry : stream.entries()) {
        byLabels.computeIfAbsent(entry.labels().stream(), _ -> new ArrayList<>()).add(entry);
      }
    }
    Comparator<LogEntry> byTime = Comparator.comparingLong(LogEntry::timeNs);
    List<LogStream> grouped = new ArrayList<>(byLabels.size());
    byLabels.forEach((labels, entries) -> {
      entries.sort(direction == Direction.FORWARD ? byTime : byTime.reversed());
      grouped.add(new LogStream(labels, entries));
    });
    return grouped;
  }

  /** About how much heap they take while a client reads them. */
  static long heapBytes(List<LogStream> streams) {
    long bytes = 0;
    for (LogStream stream : streams) {
      bytes += 100 + stream.labels().canonicalBytes().length;
      for (LogEntry entry : stream.entries()) {
        bytes += 80 + entry.line().length();
      }
    }
    return bytes;
  }
}
