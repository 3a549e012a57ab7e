// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.file;

import com.google.re2j.Pattern;
import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of {@code file_sd_configs}.
 *
 * @param files paths; the last part may hold one {@code *}
 */
public record FileDiscoverySettings(List<Path> files, Duration refreshInterval)
    implements DiscoverySettings {

  private static final Pattern FILE_NAME =
      Pattern.compile("[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)");

  public FileDiscoverySettings {
    files = List.copyOf(files);
  }

  @Override
  public String kind() {
    return "file";
  }

  @Override
  public Discovery start(DiscoveryContext context, DiscoveredTargets targets) {
    return new FileDiscovery(this, targets);
  }

  public static FileDiscoverySettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    List<Path> files = new ArrayList<>();
    for (YamlValue value : yaml.list("files")) {
      String name = value.text();
      if (!FILE_NAME.matcher(name).matches()) {
        throw value.error(
            "'" + name + "' must end in .json, .yml or .yaml, with a '*' in its last part at most");
      }
      files.add(value.pattern(base));
    }
    if (files.isEmpty()) {
      throw yaml.error("names no file; list them under 'files'");
    }
    Duration interval = yaml.duration("refresh_interval", Duration.ofMinutes(5));
    yaml.done();
    return new FileDiscoverySettings(files, interval);
  }
}
