// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.block.BlockWriter;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.metrics.tsdb.chunk.SeriesChunks;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.blocks.BandwidthLimit;
import io.skopos.storage.blocks.BlockCache;
import io.skopos.storage.blocks.PagedObjects;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.testkit.storage.FaultyObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A bucket with blocks, as a folder, and what reads it. */
final class BucketOfBlocks implements AutoCloseable {

  final Path root;
  final FaultyObjectStore store;
  final BlockListing listing;
  final BucketSamples samples;
  private final PageCache pages;
  private final BlockCache blocks;
  private final DirectoryObjectStore directory;

  BucketOfBlocks(Path work, Set<String> dropped) throws IOException {
    root = work.resolve("bucket");
    directory = new DirectoryObjectStore(new RealDisk(), root, new PrometheusRegistry());
    store = new FaultyObjectStore(directory);
    PrometheusRegistry registry = new PrometheusRegistry();
    pages = new PageCache(8 << 20, new MemoryBudget(64 << 20), registry);
    blocks =
        new BlockCache(
            new RealDisk(),
            work.resolve("cache"),
            64 << 20,
            store,
            4,
            BandwidthLimit.NONE,
            1,
            registry);
    listing =
        new BlockListing(
            store,
            new PagedObjects(blocks, pages, "test"),
            new BlockListing.Settings(
                "the bucket", TenantId.ANONYMOUS, dropped, Duration.ofMillis(20)),
            InstantSource.system());
    samples = new BucketSamples(listing, 8 << 20);
  }

  /** Writes a block as its writer does: meta.json last. */
  String add(
      String folder,
      long fromMs,
      long toMs,
      SortedMap<Labels, SampleBuffer> series,
      Map<String, String> external)
      throws IOException {
    Path made = Files.createTempDirectory(root.getParent(), "made");
    Path block;
    try (BlockWriter writer = new BlockWriter(made, fromMs, toMs, fromMs)) {
      for (Map.Entry<Labels, SampleBuffer> one : series.entrySet()) {
        List<EncodedChunk> chunks = new ArrayList<>();
        SeriesChunks.encode(one.getValue(), 0, one.getValue().size, chunks::add);
        writer.add(one.getKey(), chunks);
      }
      block = Objects.requireNonNull(writer.finish());
    }
    Path meta = block.resolve("meta.json");
    String labels =
        external.entrySet().stream()
            .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
            .collect(Collectors.joining(","));
    String json = Files.readString(meta).strip();
    Files.writeString(
        meta,
        json.substring(0, json.lastIndexOf('}'))
            + ",\"thanos\":{\"labels\":{"
            + labels
            + "},\"downsample\":{\"resolution\":0},\"source\":\"sidecar\"}}");
    copy(block, folder);
    return String.valueOf(block.getFileName());
  }

  /** A block that is there already. */
  void copy(Path block, String folder) throws IOException {
    Path target = root.resolve(folder).resolve(String.valueOf(block.getFileName()));
    try (Stream<Path> files = Files.walk(block)) {
      for (Path file :
          files.filter(Files::isRegularFile).sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (!file.endsWith("meta.json")) {
          put(file, target.resolve(block.relativize(file).toString()));
        }
      }
    }
    put(block.resolve("meta.json"), target.resolve("meta.json"));
  }

  private static void put(Path from, Path to) throws IOException {
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    Files.copy(from, to);
  }

  /** Waits for a listing that began after now. */
  void listed() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      BlockListing.State before = listing.state();
      while (listing.state() == before) {
        Thread.sleep(5);
      }
    }
  }

  @Override
  public void close() {
    listing.close();
    blocks.close();
    pages.close();
    directory.close();
  }
}
