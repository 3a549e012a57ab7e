// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.config;

import io.skopos.ingest.collect.journal.JournalSettings;
import io.skopos.ingest.collect.stage.StageParser;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.collect.syslog.SyslogSettings;
import io.skopos.ingest.collect.tail.PackedFormat;
import io.skopos.ingest.collect.tail.TextEncoding;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.scrape.config.DiscoveryKinds;
import io.skopos.ingest.scrape.config.RelabelRules;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One entry of Promtail's {@code scrape_configs}.
 *
 * @param groups labels of files, which name them by {@code __path__}
 * @param packed how files are compressed; null when they are not
 * @param recognizeTimes whether a line's own time counts where no stage gives one; our own key
 * @param pathLabels whether the paths of containers' files tell labels; our own key
 * @param hostLogs whether only text files are followed that somebody still writes to
 * @param maxAge files older when they are first seen are left out; zero for no bound
 */
public record CollectJob(
    String name,
    List<TargetGroup> groups,
    List<DiscoverySettings> discoveries,
    List<RelabelRule> relabelRules,
    Stages stages,
    TextEncoding encoding,
    @Nullable PackedFormat packed,
    Duration packedDelay,
    boolean recognizeTimes,
    boolean pathLabels,
    boolean hostLogs,
    Duration maxAge,
    @Nullable JournalSettings journal,
    @Nullable SyslogSettings syslog) {

  private static final String[] OTHERS = {
    "windows_events",
    "gcplog",
    "azure_event_hub",
    "azure_event_hubs",
    "kafka",
    "gelf",
    "cloudflare",
    "heroku_drain",
    "loki_push_api",
  };

  public CollectJob {
    groups = List.copyOf(groups);
    discoveries = List.copyOf(discoveries);
    relabelRules = List.copyOf(relabelRules);
  }

  static CollectJob parse(YamlMapping yaml, Path base, StageParser stageParser, Notices notices)
      throws ConfigException {
    String name = yaml.requiredText("job_name");
    yaml.notBuiltYet(notices, OTHERS);
    yaml.notBuiltYet(notices, "entry_parser");
    Stages stages = stageParser.parse(yaml.get("pipeline_stages"), notices);
    YamlMapping decompression = yaml.child("decompression");
    PackedFormat packed = null;
    Duration packedDelay = Duration.ZERO;
    if (decompression != null) {
      boolean enabled = decompression.flag("enabled", false);
      String format = decompression.text("format", "");
      packedDelay = decompression.duration("initial_delay", Duration.ZERO);
      if (enabled) {
        if (format.isEmpty()) {
          throw decompression.error("format is missing; there are gz and z");
        }
        packed = decompression.read("format", CollectJob::format, PackedFormat.GZ);
      }
      decompression.done();
    }
    YamlMapping journal = yaml.child("journal");
    YamlMapping syslog = yaml.child("syslog");
    CollectJob job =
        new CollectJob(
            name,
            groups(yaml),
            DiscoveryKinds.parse(yaml, base, notices),
            RelabelRules.parse(yaml.list("relabel_configs")),
            stages,
            yaml.read("encoding", TextEncoding::of, TextEncoding.UTF_8),
            packed,
            packedDelay,
            yaml.flag("recognize_timestamps", !stages.givesTime()),
            yaml.flag("path_labels", false),
            false,
            yaml.duration("max_age", Duration.ZERO),
            journal == null ? null : JournalSettings.parse(journal),
            syslog == null ? null : SyslogSettings.parse(syslog, base));
    yaml.done();
    return job;
  }

  private static PackedFormat format(String text) {
    for (PackedFormat format : PackedFormat.values()) {
      if (format.name().equals(text.toUpperCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not supported; there are gz and z");
  }

  private static List<TargetGroup> groups(YamlMapping yaml) throws ConfigException {
    List<TargetGroup> groups = new ArrayList<>();
    for (YamlValue value : yaml.list("static_configs")) {
      TargetGroup group = TargetGroup.parse(value.mapping());
      // Promtail's targets are of no meaning beside the label __address__.
      groups.add(
          group.targets().isEmpty()
              ? new TargetGroup(List.of("localhost"), group.labels())
              : group);
    }
    return groups;
  }
}
