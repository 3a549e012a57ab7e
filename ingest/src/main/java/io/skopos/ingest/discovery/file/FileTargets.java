// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.file;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.ingest.yaml.YamlValue;
import io.skopos.model.LabelsBuilder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The target groups in the files of one {@code file_sd_configs} entry. A file that cannot be read
 * or understood keeps the groups it had and is named; a file that is gone takes its groups with it.
 * Used by one thread at a time.
 */
final class FileTargets {

  /** A bigger file is refused, unread. */
  private static final long MAX_FILE_BYTES = 64L << 20;

  private final FileDiscoverySettings settings;
  private final Map<Path, List<TargetGroup>> groups = new TreeMap<>();
  private final Map<Path, String> problems = new TreeMap<>();

  FileTargets(FileDiscoverySettings settings) {
    this.settings = settings;
  }

  /** Reads all files again. */
  void refresh() {
    Set<Path> files = new TreeSet<>();
    Map<Path, String> newProblems = new TreeMap<>();
    for (Path pattern : settings.files()) {
      find(pattern, files, newProblems);
    }
    groups.keySet().retainAll(files);
    for (Path file : files) {
      try {
        groups.put(file, read(file));
      } catch (NoSuchFileException e) {
        groups.remove(file);
      } catch (IOException | ConfigException e) {
        String problem =
            e instanceof ConfigException ? e.getMessage() : "cannot read '" + file + "': " + e;
        newProblems.put(file, String.valueOf(problem));
      }
    }
    problems.clear();
    problems.putAll(newProblems);
  }

  Map<String, List<TargetGroup>> groupsByFile() {
    Map<String, List<TargetGroup>> byFile = new TreeMap<>();
    groups.forEach((file, read) -> byFile.put(file.toString(), read));
    return byFile;
  }

  /** By file, why its last version is not used. */
  Map<Path, String> problems() {
    return Map.copyOf(problems);
  }

  private void find(Path pattern, Set<Path> files, Map<Path, String> newProblems) {
    Path directory = pattern.toAbsolutePath().getParent();
    Path name = pattern.getFileName();
    if (directory == null || name == null) {
      return;
    }
    if (name.toString().indexOf('*') < 0) {
      if (Files.exists(pattern)) {
        files.add(pattern);
      }
      return;
    }
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, name.toString())) {
      found.forEach(files::add);
    } catch (IOException e) {
      newProblems.put(pattern, "cannot list '" + directory + "': " + e);
      // Files that cannot be listed now are not gone.
      groups.keySet().stream()
          .filter(file -> directory.equals(file.getParent()))
          .forEach(files::add);
    }
  }

  private static List<TargetGroup> read(Path file) throws IOException, ConfigException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new ConfigException(file + " has " + size + " bytes, the limit is " + MAX_FILE_BYTES);
    }
    // A tab may indent JSON but not YAML; JSON's strings cannot contain one.
    String text = Files.readString(file);
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    List<TargetGroup> read = new ArrayList<>();
    YamlValue root = YamlDocument.parse(file.toString(), json ? text.replace('\t', ' ') : text);
    for (YamlValue group : root.list()) {
      TargetGroup plain = TargetGroup.parse(group.mapping());
      LabelsBuilder labels = new LabelsBuilder(plain.labels());
      labels.set("__meta_filepath", file.toString());
      read.add(new TargetGroup(plain.targets(), labels.build()));
    }
    return List.copyOf(read);
  }
}
