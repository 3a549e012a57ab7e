// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.journal;

import io.skopos.ingest.collect.stage.Entry;
import io.skopos.ingest.collect.stage.JsonText;
import io.skopos.ingest.collect.syslog.Facilities;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries of the journal's: fields become labels {@code __journal_*} for relabelling, what
 * still begins with two underscores goes, the message is the line. Used by one thread.
 */
final class JournalEntries {

  private static final List<String> PRIORITIES =
      List.of("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug");

  private final JournalSettings settings;
  private final Relabelling relabelling;
  private long count;

  JournalEntries(JournalSettings settings, Relabelling relabelling) {
    this.settings = settings;
    this.relabelling = relabelling;
  }

  /** Null when there is nothing to store: no message, no time, or relabelling dropped it. */
  @Nullable Entry of(Map<String, String> fields) {
    String message = fields.get("MESSAGE");
    long timeUs = number(fields.get("__REALTIME_TIMESTAMP"));
    if (message == null && !settings.json() || timeUs <= 0) {
      return null;
    }
    LabelsBuilder labels = new LabelsBuilder(settings.labels());
    fields.forEach((name, value) -> {
      if (!name.equals("MESSAGE") && !name.equals("__CURSOR")) {
        labels.set("__journal_" + name.toLowerCase(Locale.ROOT), value);
      }
    });
    keyword(labels, fields, "PRIORITY", "__journal_priority_keyword", PRIORITIES);
    keyword(
        labels, fields, "SYSLOG_FACILITY", "__journal_syslog_facility_keyword", Facilities.WORDS);
    if (!relabelling.apply(labels)) {
      return null;
    }
    LabelsBuilder kept = new LabelsBuilder();
    for (Label label : labels.build()) {
      if (!label.name().startsWith("__")) {
        kept.set(label.name(), label.value());
      }
    }
    Labels stream = kept.build();
    String line = settings.json() || message == null ? JsonText.object(fields) : message;
    return new Entry(line, timeUs * 1000, stream, count++);
  }

  private static void keyword(
      LabelsBuilder labels,
      Map<String, String> fields,
      String field,
      String label,
      List<String> words) {
    long number = number(fields.get(field));
    if (number >= 0 && number < words.size()) {
      labels.set(label, words.get((int) number));
    }
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? -1 : Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
