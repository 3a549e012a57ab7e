// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Finds the blocks below a folder: a block itself, a Prometheus data directory or snapshot, or a
 * Thanos or Mimir bucket with its tenants. What is passed over and why is reported.
 */
public final class BlockFolder {

  /** bucket / tenant / ULID, and one level for a folder of buckets or snapshots. */
  private static final int MAX_DEPTH = 4;

  private static final String HEAD_LEFT_OUT =
      ": the samples that Prometheus has not yet put into a block (wal, chunks_head) are not read;"
          + " make a snapshot (POST /api/v1/admin/tsdb/snapshot) and import that";

  private BlockFolder() {}

  /**
   * Blocks by path, so that each tenant's are in order of time.
   *
   * @param notices sentences for a person
   */
  public static List<Path> find(Path folder, Consumer<String> notices) throws IOException {
    List<Path> found = new ArrayList<>();
    find(folder, 0, found, notices);
    return found;
  }

  private static void find(Path folder, int depth, List<Path> found, Consumer<String> notices)
      throws IOException {
    String name = String.valueOf(folder.getFileName());
    if (name.endsWith(".tmp-for-creation") || name.endsWith(".tmp-for-deletion")) {
      notices.accept(folder + ": half made or half deleted by Prometheus, passed over");
      return;
    }
    if (Files.exists(folder.resolve("meta.json"))) {
      if (Files.exists(folder.resolve("deletion-mark.json"))) {
        notices.accept(folder + ": marked for deletion (deletion-mark.json), passed over");
      } else {
        found.add(folder);
      }
      return;
    }
    if (Files.exists(folder.resolve("index"))) {
      notices.accept(folder + ": has no meta.json, passed over: it was not wholly written");
      return;
    }
    if (Files.isDirectory(folder.resolve("chunks_head")) && hasFiles(folder.resolve("wal"))) {
      notices.accept(folder + HEAD_LEFT_OUT);
    }
    if (depth < MAX_DEPTH) {
      List<Path> below;
      try (Stream<Path> files = Files.list(folder)) {
        below = files.filter(Files::isDirectory).sorted().toList();
      }
      for (Path one : below) {
        String folderName = String.valueOf(one.getFileName());
        if (!folderName.equals("wal") && !folderName.equals("chunks_head")) {
          find(one, depth + 1, found, notices);
        }
      }
    }
  }

  private static boolean hasFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isPresent();
    }
  }
}
