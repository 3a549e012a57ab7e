// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.skopos.logs.wire.Level;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A tenant's groups, what of their counts is stored, and how many counters there may be. */
final class TenantLines {

  static final String OTHERS = "(others)";

  /** Bounds the stored document; a group with more is counted among the others. */
  private static final int MAX_LABEL_BYTES = 512;

  final TenantId id;

  /** For what is stored and told; taken before shards' locks. */
  final ReentrantLock lock = new ReentrantLock();

  final Map<Labels, LineGroup> groups = new ConcurrentHashMap<>();

  /** Ended counters that were not told of yet. Below the tenant's lock. */
  final List<LineCount> ended = new ArrayList<>();

  /** Changed with all shards locked. */
  volatile List<String> labels;

  /** Per shard, up to where frames are in what is stored. */
  volatile long[] positions;

  /** Whether what is stored says these labels and positions. Below the tenant's lock. */
  boolean documented;

  /** Frames that are replayed are not counted: what they would be added to is not known. */
  volatile boolean ignoringReplay;

  private final Object admission = new Object();
  private int counters;
  private LineGroup others;

  TenantLines(TenantId id, List<String> labels, long[] positions, long nowMs) {
    this.id = id;
    this.labels = labels;
    this.positions = positions;
    this.others = new LineGroup(othersOf(labels), nowMs);
  }

  /** The group with these labels, or that of the others when it would be one too many. */
  LineGroup group(Labels chosen, int maxCounters, long nowMs) {
    LineGroup known = groups.get(chosen);
    if (known != null) {
      return known;
    }
    synchronized (admission) {
      if (counters >= maxCounters || chosen.canonicalBytes().length > MAX_LABEL_BYTES) {
        return others();
      }
      return groups.computeIfAbsent(chosen, labels -> new LineGroup(labels, nowMs));
    }
  }

  /** Whether the group may count lines of the level; if not, they count among the others. */
  boolean admit(LineGroup group, int level, int maxCounters) {
    if (group.has(level)) {
      return true;
    }
    synchronized (admission) {
      if (group != others && counters >= maxCounters) {
        return false;
      }
      if (!group.has(level)) {
        group.levels |= 1 << level;
        counters += group == others ? 0 : 1;
      }
      return true;
    }
  }

  LineGroup others() {
    synchronized (admission) {
      groups.putIfAbsent(others.labels, others);
      return others;
    }
  }

  /** Takes over a group of what is stored. */
  void restore(Labels chosen, long[] counts, long nowMs) {
    synchronized (admission) {
      LineGroup group = chosen.equals(others.labels) ? others : new LineGroup(chosen, nowMs);
      groups.put(chosen, group);
      group.stored = counts;
      for (int level = 0; level < Tally.LEVELS; level++) {
        if (counts[level] > 0) {
          group.levels |= 1 << level;
          counters += group == others ? 0 : 1;
        }
      }
    }
  }

  boolean isOthers(LineGroup group) {
    synchronized (admission) {
      return group == others;
    }
  }

  void drop(LineGroup group) {
    synchronized (admission) {
      groups.remove(group.labels);
      if (group == others) {
        others.levels = 0;
      } else {
        counters -= Integer.bitCount(group.levels);
      }
    }
    end(group);
  }

  /** Begins anew, with other labels. */
  void clear(List<String> newLabels, long nowMs) {
    groups.values().forEach(this::end);
    synchronized (admission) {
      groups.clear();
      counters = 0;
      labels = newLabels;
      others = new LineGroup(othersOf(newLabels), nowMs);
    }
  }

  private void end(LineGroup group) {
    for (Level level : Level.values()) {
      if ((group.told >> level.ordinal() & 1) != 0) {
        ended.add(new LineCount(group.labels, level, 0, 0, LineCount.State.ENDED));
      }
    }
    group.told = 0;
  }

  private static Labels othersOf(List<String> labels) {
    LabelsBuilder builder = new LabelsBuilder();
    labels.forEach(label -> builder.set(label, OTHERS));
    return builder.build();
  }
}
