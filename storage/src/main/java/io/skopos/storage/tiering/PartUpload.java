// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.model.UtcDay;
import io.skopos.storage.blocks.BandwidthLimit;
import io.skopos.storage.blocks.BlockCache;
import io.skopos.storage.blocks.RemotePart;
import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartId;
import io.skopos.storage.manifest.PartKeys;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.storage.publish.TenantDay;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies local parts into the bucket: a large one is an object of its own under its own key, small
 * ones of one UTC day become packs. What is copied goes into the local cache as well, so that it
 * stays at hand when the local part goes. Used by one thread.
 */
final class PartUpload {

  /** A part of this size is worth an object of its own. */
  private static final long LARGE = 16L << 20;

  private static final long LARGEST_PACK = 64L << 20;
  private static final int MOST_PARTS_OF_PACK = 4096;

  private final ObjectStore local;
  private final ObjectStore bucket;
  private final BlockCache cache;
  private final BandwidthLimit bandwidth;
  private final InstantSource clock;
  private final TieringMetrics metrics;

  /** Copies that no manifest names yet; those of a failed attempt serve the next one. */
  private final Map<Item, PartEntry> copies = new HashMap<>();

  /** Objects that are being written. */
  private final Set<String> underWay = new HashSet<>();

  PartUpload(
      ObjectStore local,
      ObjectStore bucket,
      BlockCache cache,
      BandwidthLimit bandwidth,
      InstantSource clock,
      TieringMetrics metrics) {
    this.local = local;
    this.bucket = bucket;
    this.cache = cache;
    this.bandwidth = bandwidth;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** A part of a day. */
  record Item(TenantDay day, PartEntry part) {}

  /** Whether the object is being written, or was and no manifest may name it yet. */
  boolean isUnderWay(String key) {
    String object = BucketKeys.local(key);
    return underWay.contains(key)
        || copies.values().stream().anyMatch(copy -> copy.object().equals(object));
  }

  /** Manifests name these copies now, or never will. */
  void settled(Collection<Item> items) {
    items.forEach(copies::remove);
  }

  /** Copies of parts that are no longer where they were; forgotten by this call. */
  List<PartEntry> obsolete(Predicate<Item> isThere) {
    List<PartEntry> obsolete = new ArrayList<>();
    copies
        .entrySet()
        .removeIf(entry -> {
          boolean gone = !isThere.test(entry.getKey());
          if (gone) {
            obsolete.add(entry.getValue());
          }
          return gone;
        });
    return obsolete;
  }

  /** The part's copy as local manifests name it; null when it was not uploaded. */
  @Nullable PartEntry copyOf(Item item) {
    return copies.get(item);
  }

  /**
   * Uploads those that are not yet.
   *
   * @throws UnreadablePart when the fault is on this side
   */
  void upload(List<Item> items) throws IOException {
    underWay.clear();
    Map<UtcDay, List<Item>> small = new TreeMap<>();
    for (Item item : items) {
      if (copies.containsKey(item)) {
        continue;
      }
      if (item.part().length() >= LARGE) {
        uploadAlone(item);
      } else {
        small.computeIfAbsent(item.day().day(), _ -> new ArrayList<>()).add(item);
      }
    }
    for (List<Item> ofDay : small.values()) {
      int from = 0;
      while (from < ofDay.size()) {
        int to = from;
        long bytes = 0;
        while (to < ofDay.size()
            && to - from < MOST_PARTS_OF_PACK
            && (to == from || bytes + ofDay.get(to).part().length() <= LARGEST_PACK)) {
          bytes += ofDay.get(to).part().length();
          to++;
        }
        uploadPack(ofDay.subList(from, to));
        from = to;
      }
    }
    underWay.clear();
  }

  private void uploadAlone(Item item) throws IOException {
    PartEntry part = item.part();
    String folder = PartKeys.folder(item.day().tenant(), item.day().signal(), item.day().day());
    if (part.offset() != 0 || !part.object().startsWith(folder)) {
      uploadPack(List.of(item));
      return;
    }
    String key = part.object();
    underWay.add(key);
    // What an earlier attempt left under the key is this very part: ids are never used twice.
    OptionalLong present = bucket.size(key);
    if (present.isEmpty()) {
      write(key, List.of(item));
    } else if (present.getAsLong() != part.length()) {
      uploadPack(List.of(item)); // whatever that is, it is none of ours
      return;
    }
    copies.put(item, BucketKeys.at(part, BucketKeys.local(key), 0));
  }

  private void uploadPack(List<Item> items) throws IOException {
    String key = BucketKeys.pack(items.getFirst().day().day(), PartId.create(clock.millis()));
    underWay.add(key);
    write(key, items);
    long offset = 0;
    for (Item item : items) {
      copies.put(item, BucketKeys.at(item.part(), BucketKeys.local(key), offset));
      offset += item.part().length();
    }
  }

  private void write(String key, List<Item> items) throws IOException {
    byte[] block = new byte[BlockCache.BLOCK];
    try (ObjectWriter writer = bucket.create(key)) {
      for (Item item : items) {
        write(key, item.part(), block, writer);
      }
      writer.finish();
    } catch (VersionConflict e) {
      throw new IOException("object " + key + " appeared while it was uploaded", e);
    }
    metrics.uploaded(items.size(), items.stream().mapToLong(item -> item.part().length()).sum());
  }

  private void write(String key, PartEntry part, byte[] block, ObjectWriter writer)
      throws IOException {
    RemotePart copy = new RemotePart(key, writer.length(), part.length());
    for (long at = 0; at < part.length(); at += block.length) {
      int length = (int) Math.min(block.length, part.length() - at);
      try {
        local.getRange(part.object(), part.offset() + at, ByteBuffer.wrap(block, 0, length));
      } catch (IOException e) {
        throw new UnreadablePart(part, e);
      }
      bandwidth.take(length);
      writer.write(ByteBuffer.wrap(block, 0, length));
      cache.offer(copy, (int) (at / block.length), block, 0, length);
    }
  }
}
