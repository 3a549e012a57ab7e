// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.file;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.watch.DirectoryWatch;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads files of targets at the start, when their directories change, and at intervals. */
final class FileDiscovery implements Discovery {

  private final FileDiscoverySettings settings;
  private final FileTargets files;
  private final DiscoveredTargets targets;
  private final DirectoryWatch watch = new DirectoryWatch("file-discovery", (_, _) -> refresh());

  FileDiscovery(FileDiscoverySettings settings, DiscoveredTargets targets) {
    this.settings = settings;
    this.files = new FileTargets(settings);
    this.targets = targets;
    refresh();
    watch.start();
  }

  private void refresh() {
    files.refresh();
    targets.replaceAll(files.groupsByFile());
    Map<Path, String> problems = files.problems();
    if (!problems.isEmpty()) {
      targets.failed(String.join("; ", problems.values()));
    }
    watch.watch(directories(), settings.refreshInterval());
  }

  private Set<Path> directories() {
    Set<Path> directories = new TreeSet<>();
    for (Path file : settings.files()) {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        directories.add(parent);
      }
    }
    return directories;
  }

  @Override
  public void close() {
    watch.close();
  }
}
