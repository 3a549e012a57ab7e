// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.config.ConfigException;
import io.skopos.server.config.ConfigLoader;
import io.skopos.server.config.ConfigProblem;
import io.skopos.server.config.LoadedConfig;
import io.skopos.server.config.MaskedConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which config a server runs with. */
final class ConfigOptions {

  private static final Path DEFAULT_FILE = Path.of("skopos.yml");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "skopos.yml, or a prometheus.yml as it is (default: ./skopos.yml if it exists).")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, e.g. storage.retention.time=30d; may be given several times.")
  private @Nullable Map<String, String> settings;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Short for --set web.listen=HOST:PORT (default: 127.0.0.1:4900).")
  private @Nullable String listen;

  @Option(
      names = "--import-bucket",
      paramLabel = "ADDRESS",
      description = {
        "Reads a bucket of Thanos or Mimir where it is: s3://BUCKET/PREFIX, azure://…, gs://… or a",
        "folder. How it is reached says --set import_bucket.object_store.KEY=VALUE."
      })
  private @Nullable String importBucket;

  @Option(
      names = "--strict",
      description = "Refuse a config with sections that are accepted and do nothing yet.")
  private boolean strict;

  /** Set by picocli. */
  ConfigOptions() {}

  ConfigOptions(
      @Nullable Path file,
      @Nullable Map<String, String> settings,
      @Nullable String listen,
      boolean strict) {
    this.file = file;
    this.settings = settings;
    this.listen = listen;
    this.strict = strict;
  }

  /** Reads it, again each time. */
  LoadedConfig load() throws ConfigException {
    LoadedConfig loaded = ConfigLoader.load(file(), overrides());
    if (strict && !loaded.notices().isEmpty()) {
      throw new ConfigException(
          loaded.notices().stream().map(notice -> new ConfigProblem("", "", notice)).toList());
    }
    return loaded;
  }

  @Nullable Path file() {
    if (file != null) {
      return file;
    }
    return Files.isRegularFile(DEFAULT_FILE) ? DEFAULT_FILE : null;
  }

  /** What the command line sets, by name, for the status endpoint. */
  Map<String, String> flags() {
    Map<String, String> flags = new LinkedHashMap<>();
    overrides()
        .forEach((key, value) -> flags.put(key, MaskedConfig.isSecret(key) ? "<secret>" : value));
    Path used = file();
    flags.put("config", used == null ? "" : used.toString());
    flags.put("strict", String.valueOf(strict));
    return flags;
  }

  private Map<String, String> overrides() {
    Map<String, String> overrides = new LinkedHashMap<>();
    if (settings != null) {
      overrides.putAll(settings);
    }
    if (listen != null) {
      overrides.put("web.listen", listen);
    }
    if (importBucket != null) {
      StoreOptions.settings(importBucket)
          .forEach((key, value) -> overrides.put("import_bucket.object_store." + key, value));
    }
    return overrides;
  }

  static String listed(List<ConfigProblem> problems) {
    return String.join("\n", problems.stream().map(problem -> "  " + problem).toList());
  }
}
