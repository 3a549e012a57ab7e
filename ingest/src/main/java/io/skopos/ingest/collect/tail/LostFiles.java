// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.json.JsonValue;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Positions of contents that were read and whose file is not known: those written down before the
 * start, until their files are seen again, and those of files that were cut or replaced before
 * their copy was found. All are written down, so that a copy is known as one after a crash too.
 * Used by the collector's thread.
 */
final class LostFiles {

  /** Stands in a key where others have the file's number. */
  private static final String NO_FILE = "lost:";

  /** Of contents without a file. */
  private static final int MAX_WITHOUT_FILE = 256;

  /** A copy is made before its original is cut: what is not found soon is not there. */
  private static final long FORGET_WITHOUT_FILE_MS = TimeUnit.HOURS.toMillis(1);

  private static final long FORGET_OTHERS_MS = TimeUnit.DAYS.toMillis(7);

  /** Files may come late, as on a file system that is mounted after the start. */
  private static final long LEAST_MS = TimeUnit.MINUTES.toMillis(10);

  /** One position. */
  static final class Lost {
    final String key;
    final String jobKey;

    /** The number its file had; begins with {@link #NO_FILE} where it is another's now. */
    final String id;

    final FilePosition position;
    final long sinceMs;

    /** How often it was looked for beside where it was. */
    int searches;

    Lost(String key, FilePosition position, long sinceMs) {
      int cut = key.lastIndexOf('|');
      this.key = key;
      this.jobKey = key.substring(0, Math.max(0, cut));
      this.id = key.substring(cut + 1);
      this.position = position;
      this.sinceMs = sinceMs;
    }

    boolean hasFile() {
      return !id.startsWith(NO_FILE);
    }
  }

  private final Handover handover;
  private final InstantSource clock;
  private final Map<String, Lost> byKey = new LinkedHashMap<>();
  private final Map<String, Integer> withoutFile = new HashMap<>();

  LostFiles(Positions positions, Handover handover, InstantSource clock) {
    this.handover = handover;
    this.clock = clock;
    for (Map.Entry<String, JsonValue> one : positions.all().entrySet()) {
      FilePosition position = FilePosition.parse(one.getValue());
      if (one.getKey().indexOf('|') > 0 && !position.path().isEmpty()) {
        add(new Lost(one.getKey(), position, clock.millis()));
      }
    }
  }

  private void add(Lost lost) {
    byKey.put(lost.key, lost);
    if (!lost.hasFile()) {
      withoutFile.merge(lost.jobKey, 1, Integer::sum);
    }
  }

  /**
   * The position of a file, of this job or of one that is not configured any more; null when none
   * is known.
   */
  @Nullable FilePosition of(FileJob job, FileId id, Set<String> configured) {
    FilePosition own = of(job, id);
    if (own != null) {
      return own;
    }
    for (Lost lost : byKey.values()) {
      if (lost.id.equals(id.toString()) && !configured.contains(lost.jobKey)) {
        return lost.position;
      }
    }
    return null;
  }

  /** The position of a file of this job; null when none is known. */
  @Nullable FilePosition of(FileJob job, FileId id) {
    Lost own = byKey.get(job.key(id));
    return own == null ? null : own.position;
  }

  List<Lost> ofJob(FileJob job) {
    return byKey.values().stream().filter(lost -> lost.jobKey.equals(job.key())).toList();
  }

  List<Lost> all() {
    return new ArrayList<>(byKey.values());
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }

  /** The number of a content's file is followed again, be it with this content or another. */
  void taken(FollowedFile file) {
    byKey.remove(file.key);
  }

  /** A content whose file holds another one by now, and whose copy was not found yet. */
  void lose(FileJob job, FilePosition position) {
    if (position.headLength() == 0) {
      return;
    }
    String id = NO_FILE + Long.toHexString(position.head()) + ":" + position.offset();
    long nowMs = clock.millis();
    FilePosition now = position.at(Path.of(position.path()), nowMs, false);
    Lost lost = new Lost(job.key() + "|" + id, now, nowMs);
    if (byKey.containsKey(lost.key)) {
      return;
    }
    add(lost);
    handover.note(lost.key, now);
    if (withoutFile.getOrDefault(lost.jobKey, 0) > MAX_WITHOUT_FILE) {
      forgetIf(one -> !one.hasFile() && one.jobKey.equals(lost.jobKey), 1);
    }
  }

  /** A file holds the content and is followed. */
  void found(Lost lost) {
    forgetIf(one -> one == lost, 1);
  }

  /**
   * @param configured keys of jobs
   */
  void forgetOld(Set<String> configured) {
    long nowMs = clock.millis();
    forgetIf(
        lost -> {
          long ageMs = nowMs - lost.position.seenMs();
          if (nowMs - lost.sinceMs < LEAST_MS) {
            return false;
          }
          if (!lost.hasFile()) {
            return ageMs > FORGET_WITHOUT_FILE_MS;
          }
          return ageMs
              > (configured.contains(lost.jobKey) ? FollowedFiles.FORGET_MS : FORGET_OTHERS_MS);
        },
        Integer.MAX_VALUE);
  }

  private void forgetIf(Predicate<Lost> which, int most) {
    List<Lost> gone = byKey.values().stream().filter(which).limit(most).toList();
    for (Lost lost : gone) {
      byKey.remove(lost.key);
      handover.forget(lost.key);
      if (!lost.hasFile()) {
        withoutFile.merge(lost.jobKey, -1, Integer::sum);
      }
    }
  }
}
