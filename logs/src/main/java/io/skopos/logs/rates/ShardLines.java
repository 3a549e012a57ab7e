// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.skopos.logs.store.frame.FrameRows;
import io.skopos.logs.wire.Discovery;
import io.skopos.logs.wire.Level;
import io.skopos.model.CanonicalLength;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What one shard has counted, by tenant. All below its lock. */
final class ShardLines {

  private static final byte[] LEVEL_NAME =
      Discovery.DETECTED_LEVEL.getBytes(StandardCharsets.US_ASCII);

  private static final Level[] LEVELS = Level.values();

  /** Which group a stream belongs to is found out again beyond. */
  private static final int MAX_STREAMS = 4096;

  private static final byte UNREAD = -2;
  private static final byte NONE = -1;

  final ReentrantLock lock = new ReentrantLock();

  /** Of the last frame; -1 for none since the start. */
  long position = -1;

  private final Map<TenantId, Counted> tenants = new HashMap<>();
  private final long[] sums = Tally.zeros();
  private byte[] levelOfSet = new byte[64];

  /** A tenant's counts in this shard. */
  private static final class Counted {
    final Map<Labels, Stream> streams = new HashMap<>();
    final Map<LineGroup, Tally> tallies = new HashMap<>();
  }

  /**
   * A stream as it is counted.
   *
   * @param level of its lines when they do not tell
   */
  private record Stream(Tally tally, int level) {}

  /**
   * Counts the rows of a frame.
   *
   * @return lines that had to be counted among the others
   */
  long count(TenantLines tenant, FrameRows rows, int maxCounters, long nowMs) {
    Counted counted = tenants.computeIfAbsent(tenant.id, _ -> new Counted());
    int sets = rows.metadataSets().length;
    if (levelOfSet.length < sets) {
      levelOfSet = new byte[sets];
    }
    Arrays.fill(levelOfSet, 0, sets, UNREAD);
    long among = 0;
    for (int stream = 0; stream < rows.streams().length; stream++) {
      int from = rows.streamStart(stream);
      int to = rows.streamEnds()[stream];
      if (from == to) {
        continue;
      }
      Stream known = stream(counted, tenant, rows.streams()[stream], maxCounters, nowMs);
      Arrays.fill(sums, 0);
      sum(rows, from, to, known.level());
      among += add(counted, tenant, known.tally(), maxCounters);
    }
    return among;
  }

  private void sum(FrameRows rows, int from, int to, int streamLevel) {
    int[] ends = rows.lineEnds();
    int start = rows.lineStart(from);
    if (rows.metadata().length == 0) {
      sums[streamLevel] = to - from;
      sums[Tally.LEVELS + streamLevel] = ends[to - 1] - start;
      return;
    }
    for (int row = from; row < to; row++) {
      int set = rows.metadata()[row];
      int level = set == 0 ? NONE : levelOfSet(rows, set - 1);
      if (level < 0) {
        level = streamLevel;
      }
      sums[level]++;
      sums[Tally.LEVELS + level] += ends[row] - start;
      start = ends[row];
    }
  }

  private int levelOfSet(FrameRows rows, int set) {
    byte level = levelOfSet[set];
    if (level == UNREAD) {
      level = levelIn(rows.metadataSets()[set].canonicalBytes());
      levelOfSet[set] = level;
    }
    return level;
  }

  private static byte levelIn(byte[] metadata) {
    int at = 0;
    while (at < metadata.length) {
      int nameLength = CanonicalLength.read(metadata, at);
      int name = at + CanonicalLength.bytes(nameLength);
      int nameEnd = name + nameLength;
      int valueLength = CanonicalLength.read(metadata, nameEnd);
      int value = nameEnd + CanonicalLength.bytes(valueLength);
      at = value + valueLength;
      if (nameLength == LEVEL_NAME.length
          && Arrays.equals(metadata, name, nameEnd, LEVEL_NAME, 0, nameLength)) {
        return (byte) levelOf(metadata, value, at).ordinal();
      }
    }
    return NONE;
  }

  /** What detection writes is one of the words; only what was sent needs a closer look. */
  private static Level levelOf(byte[] bytes, int from, int to) {
    for (Level level : LEVELS) {
      String word = level.word();
      if (word.length() == to - from && word.charAt(0) == bytes[from] && is(word, bytes, from)) {
        return level;
      }
    }
    Level sent = Level.of(bytes, from, to);
    return sent == null ? Level.UNKNOWN : sent;
  }

  private static boolean is(String word, byte[] bytes, int from) {
    for (int i = 1; i < word.length(); i++) {
      if (word.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  private Stream stream(
      Counted counted, TenantLines tenant, Labels labels, int maxCounters, long nowMs) {
    Stream known = counted.streams.get(labels);
    if (known != null) {
      return known;
    }
    if (counted.streams.size() >= MAX_STREAMS) {
      counted.streams.clear();
    }
    LineGroup group = tenant.group(labels.keep(tenant.labels), maxCounters, nowMs);
    Stream stream = new Stream(tally(counted, group), levelOf(labels).ordinal());
    counted.streams.put(labels, stream);
    return stream;
  }

  private static Level levelOf(Labels stream) {
    String text = stream.get(Discovery.DETECTED_LEVEL);
    if (text == null) {
      text = stream.get("level");
    }
    Level level = text == null ? null : Level.of(text);
    return level == null ? Level.UNKNOWN : level;
  }

  private static Tally tally(Counted counted, LineGroup group) {
    return counted.tallies.computeIfAbsent(group, Tally::new);
  }

  private long add(Counted counted, TenantLines tenant, Tally tally, int maxCounters) {
    long among = 0;
    for (int level = 0; level < Tally.LEVELS; level++) {
      long lines = sums[level];
      if (lines == 0) {
        continue;
      }
      Tally into = tally;
      if (!tenant.admit(into.group, level, maxCounters)) {
        into = tally(counted, tenant.others());
        boolean _ = tenant.admit(into.group, level, maxCounters);
      }
      if (tenant.isOthers(into.group)) {
        among += lines;
      }
      into.active[level] += lines;
      into.active[Tally.LEVELS + level] += sums[Tally.LEVELS + level];
    }
    return among;
  }

  // ---- with the lock held, on behalf of all shards

  void freeze() {
    for (Counted counted : tenants.values()) {
      for (Tally tally : counted.tallies.values()) {
        Tally.add(tally.active, tally.frozen);
        Arrays.fill(tally.active, 0);
      }
    }
  }

  /** Adds what the tenant's groups have here and is not stored. */
  void sum(TenantLines tenant, boolean frozenOnly, Map<LineGroup, long[]> into) {
    Counted counted = tenants.get(tenant.id);
    if (counted == null) {
      return;
    }
    for (Tally tally : counted.tallies.values()) {
      long[] sum = into.computeIfAbsent(tally.group, _ -> Tally.zeros());
      Tally.add(tally.frozen, sum);
      if (!frozenOnly) {
        Tally.add(tally.active, sum);
      }
    }
  }

  /** What is frozen of the tenant is stored now. */
  void stored(TenantLines tenant) {
    Counted counted = tenants.get(tenant.id);
    if (counted != null) {
      counted.tallies.values().forEach(tally -> Arrays.fill(tally.frozen, 0));
    }
  }

  boolean isActive(TenantLines tenant, LineGroup group) {
    Counted counted = tenants.get(tenant.id);
    @Nullable Tally tally = counted == null ? null : counted.tallies.get(group);
    return tally != null && Tally.lines(tally.active) > 0;
  }

  void drop(TenantLines tenant, LineGroup group) {
    Counted counted = tenants.get(tenant.id);
    if (counted != null) {
      counted.tallies.remove(group);
      counted.streams.clear();
    }
  }

  void drop(TenantLines tenant) {
    tenants.remove(tenant.id);
  }
}
