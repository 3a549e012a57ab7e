// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.TimeRange;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads all manifests at the start, many at a time: they wait for the disk. */
final class ManifestLoading {

  private static final Logger LOG = LoggerFactory.getLogger(ManifestLoading.class);
  private static final int PAGE = 10_000;
  private static final int THREADS = 16;

  private final ObjectStore objects;
  private final ManifestObjects manifests;
  private final DamagedFiles damagedFiles;
  private final Consumer<Manifest> loaded;
  private final Consumer<String> unreadable;

  /**
   * @param loaded called from several threads
   * @param unreadable gets the keys that could not be read, from several threads
   */
  ManifestLoading(
      ObjectStore objects,
      ManifestObjects manifests,
      DamagedFiles damagedFiles,
      Consumer<Manifest> loaded,
      Consumer<String> unreadable) {
    this.objects = objects;
    this.manifests = manifests;
    this.damagedFiles = damagedFiles;
    this.loaded = loaded;
    this.unreadable = unreadable;
  }

  void run() throws IOException {
    try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
      List<ObjectSummary> page = objects.list(ManifestObjects.ROOT, "", PAGE);
      while (!page.isEmpty()) {
        List<Callable<Void>> reads = new ArrayList<>();
        for (ObjectSummary object : page) {
          reads.add(() -> read(object));
        }
        await(executor.invokeAll(reads));
        page = objects.list(ManifestObjects.ROOT, page.getLast().key(), PAGE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while manifests were loaded", e);
    }
  }

  @SuppressWarnings("NullAway") // Callable<Void> has no other value
  private Void read(ObjectSummary object) {
    String key = object.key();
    DayKeys.Parsed day = DayKeys.parse(key.substring(ManifestObjects.ROOT.length()));
    if (day == null) {
      LOG.warn("object {} is no manifest of ours and is left alone", key);
      return null;
    }
    try {
      Manifest manifest = manifests.read(day.tenant(), day.signal(), day.day()).manifest();
      if (manifest != null) {
        loaded.accept(manifest);
      }
    } catch (IOException e) {
      unreadable.accept(key);
      damagedFiles.report(
          DamagedFile.Kind.MANIFEST,
          key,
          "cannot be read, the day is missing: " + e.getMessage(),
          new TimeRange(day.day().startMs(), day.day().endMs()),
          object.size());
    }
    return null;
  }

  private static void await(List<Future<Void>> reads) throws InterruptedException {
    for (Future<Void> read : reads) {
      try {
        read.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a manifest could not be loaded", e.getCause());
      }
    }
  }
}
