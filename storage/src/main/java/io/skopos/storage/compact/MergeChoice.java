// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.compact;

import io.skopos.storage.StorageConfig;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Picks the next neighbouring parts of a day to merge. Pure.
 *
 * <p>While rows still come: a run of at least fanIn parts that together are at least twice its
 * largest part. A byte is rewritten only into a part at least twice as large as the one it was in,
 * so log2(day / smallest part) times at most. Once settled: the whole day, when what is merged into
 * its largest part is worth it or a day has gone by.
 */
final class MergeChoice {

  /** Beyond this many parts a day is merged at the least cost, doubling or not. */
  private static final int TOO_MANY_PARTS = 32;

  /** A settled day's largest part is rewritten for an eighth of its size, or after a day. */
  private static final int WORTHWHILE_SHARE = 8;

  private static final long DAY_MS = 86_400_000L;

  private final int fanIn;
  private final long maxPartBytes;
  private final long settleAfterMs;

  MergeChoice(StorageConfig.Compaction config) {
    this.fanIn = Math.max(2, config.fanIn());
    this.maxPartBytes =
        config.maxPartSize().bytes() == 0 ? Long.MAX_VALUE : config.maxPartSize().bytes();
    this.settleAfterMs = config.settleAfter().toMillis();
  }

  /**
   * Empty when the parts are best left alone for now.
   *
   * @param setAside parts that cannot be merged; their neighbours on each side are merged by
   *     themselves
   */
  List<PartEntry> choose(
      Manifest manifest, Set<PartEntry> setAside, long lastChangeMs, long nowMs) {
    for (List<PartEntry> parts : runs(manifest.parts(), setAside)) {
      List<PartEntry> chosen = choose(manifest, parts, lastChangeMs, nowMs);
      if (!chosen.isEmpty()) {
        return chosen;
      }
    }
    return List.of();
  }

  private List<PartEntry> choose(
      Manifest manifest, List<PartEntry> parts, long lastChangeMs, long nowMs) {
    boolean settled =
        nowMs > manifest.day().endMs() + settleAfterMs && nowMs >= lastChangeMs + settleAfterMs;
    List<PartEntry> chosen = List.of();
    if (settled) {
      boolean rested = nowMs >= lastChangeMs + DAY_MS;
      chosen = settle(parts, rested);
      if (chosen.isEmpty()) {
        chosen = withDeletions(parts, manifest.deletions());
      }
    }
    if (chosen.isEmpty()) {
      chosen = cheapest(parts, true);
    }
    if (chosen.isEmpty() && parts.size() > TOO_MANY_PARTS) {
      chosen = cheapest(parts, false);
    }
    return chosen;
  }

  /** The parts between those set aside. */
  static List<List<PartEntry>> runs(List<PartEntry> parts, Set<PartEntry> setAside) {
    if (setAside.isEmpty()) {
      return List.of(parts);
    }
    List<List<PartEntry>> runs = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= parts.size(); i++) {
      if (i == parts.size() || setAside.contains(parts.get(i))) {
        if (i > from) {
          runs.add(parts.subList(from, i));
        }
        from = i + 1;
      }
    }
    return runs;
  }

  /** Whether nothing will ever be left to do unless new rows come. */
  boolean isFinal(Manifest manifest, Set<PartEntry> setAside, long lastChangeMs, long nowMs) {
    if (nowMs <= manifest.day().endMs() || nowMs < lastChangeMs + settleAfterMs) {
      return false;
    }
    List<List<PartEntry>> runs = runs(manifest.parts(), setAside);
    for (List<PartEntry> parts : runs) {
      if (parts.size() > 1 || !withDeletions(parts, manifest.deletions()).isEmpty()) {
        return false;
      }
    }
    return !setAside.isEmpty() || manifest.deletions().isEmpty();
  }

  /** The longest run from the left that fits into one part. */
  private List<PartEntry> settle(List<PartEntry> parts, boolean rested) {
    for (int from = 0; from < parts.size() - 1; from++) {
      long bytes = 0;
      long largest = 0;
      int to = from;
      while (to < parts.size() && bytes + parts.get(to).length() <= maxPartBytes) {
        bytes += parts.get(to).length();
        largest = Math.max(largest, parts.get(to).length());
        to++;
      }
      boolean worthwhile = rested || bytes - largest >= largest / WORTHWHILE_SHARE;
      if (to - from >= 2 && worthwhile) {
        return parts.subList(from, to);
      }
    }
    return List.of();
  }

  /** The first part with rows hidden by a deletion. */
  private static List<PartEntry> withDeletions(
      List<PartEntry> parts, List<DeletionEntry> deletions) {
    for (DeletionEntry deletion : deletions) {
      for (PartEntry part : parts) {
        if (part.maxPosition() < deletion.position()) {
          return List.of(part);
        }
      }
    }
    return List.of();
  }

  private List<PartEntry> cheapest(List<PartEntry> parts, boolean mustDouble) {
    List<PartEntry> best = List.of();
    long bestBytes = Long.MAX_VALUE;
    for (int from = 0; from + fanIn <= parts.size(); from++) {
      long bytes = 0;
      long largest = 0;
      for (int to = from; to < parts.size(); to++) {
        bytes += parts.get(to).length();
        largest = Math.max(largest, parts.get(to).length());
        if (bytes > maxPartBytes) {
          break;
        }
        boolean longEnough = to - from + 1 >= fanIn;
        if (longEnough && (!mustDouble || bytes >= 2 * largest)) {
          // Of runs that begin here the shortest is the cheapest; a longer one of small parts only
          // is better than many small merges.
          boolean better = bytes < bestBytes;
          if (better) {
            best = parts.subList(from, to + 1);
            bestBytes = bytes;
          }
          break;
        }
      }
    }
    return best;
  }
}
