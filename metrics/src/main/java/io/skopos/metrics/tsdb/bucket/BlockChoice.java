// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.metrics.tsdb.block.BlockMeta;
import io.skopos.metrics.tsdb.block.TimeRanges;
import io.skopos.model.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of a tenant's blocks answer for which times. A block whose samples are all in a more
 * compacted one is left out; raw samples are preferred to those of 5 minutes and these to those of
 * an hour, where blocks have the same external labels but for the replica's.
 */
final class BlockChoice {

  private BlockChoice() {}

  /** One kind of blocks: what continues and replaces each other. */
  private record Kind(Map<String, String> labels, long resolutionMs) {}

  /** By time. */
  static List<KnownBlock> choose(Collection<KnownBlock> blocks) {
    Map<Kind, List<KnownBlock>> kinds = new HashMap<>();
    for (KnownBlock block : blocks) {
      BlockMeta meta = block.meta();
      kinds
          .computeIfAbsent(
              new Kind(meta.externalLabels(), meta.resolutionMs()), _ -> new ArrayList<>())
          .add(block);
    }
    List<KnownBlock> latest = new ArrayList<>();
    kinds.values().forEach(kind -> addLatest(kind, latest));
    latest.sort(
        Comparator.<KnownBlock>comparingLong(block -> block.meta().resolutionMs())
            .thenComparingLong(block -> block.meta().minTimeMs())
            .thenComparing(block -> block.listed().key()));
    Map<Map<String, String>, TimeRanges> covered = new HashMap<>();
    Map<Map<String, String>, TimeRanges> finer = new HashMap<>();
    List<KnownBlock> chosen = new ArrayList<>(latest.size());
    long resolution = 0;
    for (KnownBlock block : latest) {
      if (block.meta().resolutionMs() != resolution) {
        resolution = block.meta().resolutionMs();
        // Blocks of one resolution may overlap: each answers for all that no finer one has.
        finer = copy(covered);
      }
      TimeRange whole = KnownBlock.whole(block.meta());
      List<TimeRange> wanted =
          block.meta().isDownsampled()
              ? finer.getOrDefault(block.added(), new TimeRanges()).missing(whole)
              : List.of(new TimeRange(block.meta().minTimeMs(), block.meta().maxTimeMs()));
      covered.computeIfAbsent(block.added(), _ -> new TimeRanges()).add(whole);
      if (!wanted.isEmpty()) {
        chosen.add(
            new KnownBlock(block.listed(), block.files(), block.meta(), block.added(), wanted));
      }
    }
    chosen.sort(
        Comparator.<KnownBlock>comparingLong(block -> block.meta().minTimeMs())
            .thenComparing(block -> block.listed().key()));
    return chosen;
  }

  private static Map<Map<String, String>, TimeRanges> copy(
      Map<Map<String, String>, TimeRanges> all) {
    Map<Map<String, String>, TimeRanges> copies = new HashMap<>();
    all.forEach((labels, times) -> copies.put(labels, times.copy()));
    return copies;
  }

  /** Leaves out those that another one of the kind replaces. */
  private static void addLatest(List<KnownBlock> kind, List<KnownBlock> into) {
    Map<String, List<KnownBlock>> bySource = new HashMap<>();
    for (KnownBlock block : kind) {
      for (String source : block.meta().sources()) {
        bySource.computeIfAbsent(source, _ -> new ArrayList<>()).add(block);
      }
    }
    for (KnownBlock block : kind) {
      List<String> own = block.meta().sources();
      boolean replaced =
          !own.isEmpty()
              && bySource.getOrDefault(own.getFirst(), List.of()).stream()
                  .anyMatch(other -> other != block && replaces(other.meta(), block.meta()));
      if (!replaced) {
        into.add(block);
      }
    }
  }

  private static boolean replaces(BlockMeta one, BlockMeta other) {
    Set<String> all = new HashSet<>(one.sources());
    if (!all.containsAll(other.sources())
        || one.minTimeMs() > other.minTimeMs()
        || one.maxTimeMs() < other.maxTimeMs()) {
      return false;
    }
    return all.size() > other.sources().size()
        || one.compactionLevel() > other.compactionLevel()
        || (one.compactionLevel() == other.compactionLevel()
            && one.ulid().compareTo(other.ulid()) > 0);
  }
}
