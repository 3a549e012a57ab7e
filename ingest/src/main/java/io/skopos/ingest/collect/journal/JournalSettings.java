// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.journal;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.model.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The section {@code journal} of a job.
 *
 * @param json whether entries are all fields as JSON, rather than the message
 * @param maxAge how far back to begin where no position is known
 * @param path directory of journal files; empty for the system's
 * @param matches fields and values, {@code FIELD=value}, of the entries wanted
 */
public record JournalSettings(
    boolean json, Duration maxAge, String path, List<String> matches, Labels labels) {

  public static JournalSettings parse(YamlMapping yaml) throws ConfigException {
    List<String> matches = new ArrayList<>();
    for (String match : yaml.text("matches", "").strip().split("\\s+", -1)) {
      if (match.isEmpty()) {
        continue;
      }
      if (match.indexOf('=') < 1 && !match.equals("+") || match.startsWith("-")) {
        throw yaml.error("matches: '" + match + "' is not of the form FIELD=value");
      }
      matches.add(match);
    }
    JournalSettings settings =
        new JournalSettings(
            yaml.flag("json", false),
            yaml.duration("max_age", Duration.ofHours(7)),
            yaml.text("path", ""),
            List.copyOf(matches),
            TargetGroup.labels(yaml.child("labels")));
    yaml.done();
    return settings;
  }
}
