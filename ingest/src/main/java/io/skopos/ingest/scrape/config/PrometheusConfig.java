// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.otlp.OtlpSettings;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A whole {@code prometheus.yml}, as far as scraping and receiving need it.
 *
 * @param notices what it asks for and does not get yet, one sentence each
 */
public record PrometheusConfig(
    GlobalConfig global,
    List<ScrapeConfig> scrapeConfigs,
    OtlpSettings otlp,
    List<String> notices) {

  public static final PrometheusConfig EMPTY =
      new PrometheusConfig(GlobalConfig.DEFAULT, List.of(), OtlpSettings.DEFAULT, List.of());

  private static final String[] OTHER_SECTIONS = {
    "runtime", "rule_files", "alerting", "remote_write", "remote_read", "storage", "tracing",
  };

  public PrometheusConfig {
    scrapeConfigs = List.copyOf(scrapeConfigs);
    notices = List.copyOf(notices);
  }

  /** Reads the file; names of files in it are relative to its directory. */
  public static PrometheusConfig load(Path file) throws ConfigException {
    Path parent = file.toAbsolutePath().getParent();
    return parse(file.toString(), text(file), parent == null ? file : parent, Set.of());
  }

  /**
   * @param name what messages call the text
   * @param base directory to which names of files are relative
   * @param foreign sections of the same file that somebody else reads
   */
  public static PrometheusConfig parse(String name, String text, Path base, Set<String> foreign)
      throws ConfigException {
    Notices notices = new Notices();
    YamlMapping yaml = YamlDocument.parse(name, text).mapping();
    foreign.forEach(yaml::get);
    GlobalConfig global = GlobalConfig.parse(yaml.child("global"), notices);
    for (String section : OTHER_SECTIONS) {
      if (!foreign.contains(section)) {
        yaml.notBuiltYet(notices, section);
      }
    }
    List<ScrapeConfig> configs = new ArrayList<>();
    Set<String> jobs = new HashSet<>();
    addAll(configs, jobs, yaml, global, base, notices);
    for (YamlValue pattern : yaml.list("scrape_config_files")) {
      for (Path file : matching(pattern.pattern(base))) {
        YamlMapping other = YamlDocument.parse(file.toString(), text(file)).mapping();
        addAll(configs, jobs, other, global, base, notices);
        other.done();
      }
    }
    OtlpSettings otlp =
        foreign.contains("otlp") ? OtlpSettings.DEFAULT : OtlpSection.parse(yaml.child("otlp"));
    yaml.done();
    return new PrometheusConfig(global, configs, otlp, notices.list());
  }

  private static void addAll(
      List<ScrapeConfig> configs,
      Set<String> jobs,
      YamlMapping yaml,
      GlobalConfig global,
      Path base,
      Notices notices)
      throws ConfigException {
    for (YamlValue value : yaml.list("scrape_configs")) {
      ScrapeConfig config = ScrapeConfig.parse(value.mapping(), global, base, notices);
      if (!jobs.add(config.jobName())) {
        throw value.error("a second scrape config has the job_name '" + config.jobName() + "'");
      }
      configs.add(config);
    }
  }

  private static Set<Path> matching(Path pattern) throws ConfigException {
    Path directory = pattern.getParent();
    Path last = pattern.getFileName();
    Set<Path> files = new TreeSet<>();
    if (directory == null || last == null || !Files.isDirectory(directory)) {
      return files;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, last.toString())) {
      found.forEach(files::add);
      return files;
    } catch (IOException e) {
      throw new ConfigException("cannot list '" + directory + "': " + e.getMessage(), e);
    }
  }

  private static String text(Path file) throws ConfigException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ConfigException("cannot read '" + file + "': " + e, e);
    }
  }
}
