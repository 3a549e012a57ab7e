// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.config;

import io.skopos.ingest.collect.stage.StageParser;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of collecting logs.
 *
 * @param notices what they ask for and do not get yet, one sentence each
 * @param text as it was written, to tell whether something changed
 */
public record CollectConfig(List<CollectJob> jobs, List<String> notices, String text) {

  public static final CollectConfig EMPTY = new CollectConfig(List.of(), List.of(), "");

  /** Sections of Promtail's files that mean nothing to a server that stores by itself. */
  private static final String[] PROMTAIL_SECTIONS = {
    "server", "client", "clients", "positions", "limits_config", "target_config", "tracing",
    "options", "global", "metrics_namespace", "config_reload", "wal", "read_rate", "readline_rate",
  };

  public CollectConfig {
    jobs = List.copyOf(jobs);
    notices = List.copyOf(notices);
  }

  /**
   * The jobs in {@code collect.scrape_configs} and in files of Promtail's.
   *
   * @param name what messages call the text
   * @param text a whole config file of ours
   * @param base directory to which names of files are relative
   */
  public static CollectConfig parse(
      String name, String text, Path base, List<String> promtailFiles, StageParser stages)
      throws ConfigException {
    Notices notices = new Notices();
    List<CollectJob> jobs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    StringBuilder all = new StringBuilder();
    @Nullable YamlMapping collect = YamlDocument.parse(name, text).mapping().child("collect");
    if (collect != null && collect.has("scrape_configs")) {
      all.append(text);
      add(jobs, names, collect, base, stages, notices);
    }
    for (String file : promtailFiles) {
      Path path = base.resolve(file);
      String read;
      try {
        read = Files.readString(path);
      } catch (IOException e) {
        throw new ConfigException("collect.promtail_files: cannot read '" + path + "': " + e, e);
      }
      all.append('\n').append(read);
      Path parent = path.toAbsolutePath().getParent();
      YamlMapping promtail = YamlDocument.parse(path.toString(), read).mapping();
      for (String section : PROMTAIL_SECTIONS) {
        promtail.get(section);
      }
      add(jobs, names, promtail, parent == null ? base : parent, stages, notices);
      promtail.done();
    }
    return new CollectConfig(jobs, notices.list(), all.toString());
  }

  private static void add(
      List<CollectJob> jobs,
      Set<String> names,
      YamlMapping yaml,
      Path base,
      StageParser stages,
      Notices notices)
      throws ConfigException {
    for (YamlValue value : yaml.list("scrape_configs")) {
      CollectJob job = CollectJob.parse(value.mapping(), base, stages, notices);
      if (!names.add(job.name())) {
        throw value.error("a second job has the job_name '" + job.name() + "'");
      }
      jobs.add(job);
    }
  }
}
