// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.publish;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.ManifestSwaps;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes manifests, one at a time. Thread-safe.
 *
 * <p>A deletion at position D hides rows of parts whose maxPosition is less than D. Parts with a
 * greater one need it no more: the head had applied it before they were written. So an entry stays
 * as long as some part has a lesser maxPosition and was not merged with it.
 */
public final class Publications {

  private final Manifests manifests;
  private final ManifestSwaps swaps;
  private final PendingDeletions deletions;
  private final int shardCount;
  private final InstantSource clock;

  /** Shared by changes, of which many run at once; alone holds whoever must miss none of them. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** One change of a day at a time. */
  private final ReentrantLock[] dayLocks = new ReentrantLock[64];

  /** Days whose parts may be worth a merge, and when rows last came to them. */
  private final Map<TenantDay, Long> unsettled = new ConcurrentHashMap<>();

  /** Days whose last swap failed: what memory shows of them may not be durable. */
  private final Set<TenantDay> unsure = ConcurrentHashMap.newKeySet();

  /**
   * Parts whose publication failed but may have happened. The store writes their rows again, so the
   * next publication takes them out. Guarded by the flush being one at a time.
   */
  private final Map<TenantDay, List<PartEntry>> doubtful = new ConcurrentHashMap<>();

  /** Who keeps the bucket's manifests like these. */
  private volatile ManifestChanges listener = (day, before, after) -> {};

  private volatile boolean isFollowed;

  public Publications(
      Manifests manifests,
      ManifestSwaps swaps,
      PendingDeletions deletions,
      int shardCount,
      InstantSource clock) {
    this.manifests = manifests;
    this.swaps = swaps;
    this.deletions = deletions;
    this.shardCount = shardCount;
    this.clock = clock;
    Arrays.setAll(dayLocks, _ -> new ReentrantLock());
    for (Signal signal : Signal.values()) {
      for (TenantId tenant : manifests.tenants(signal)) {
        for (UtcDay day : manifests.days(tenant, signal)) {
          Manifest manifest = manifests.get(tenant, signal, day);
          if (manifest != null
              && (manifest.parts().size() != 1 || !manifest.deletions().isEmpty())) {
            unsettled.put(new TenantDay(tenant, signal, day), clock.millis());
          }
        }
      }
    }
  }

  /** A flush: see {@link io.skopos.storage.SignalStore.PartPublisher#publish}. */
  public void publish(
      TenantId tenant, Signal signal, UtcDay day, @Nullable PartEntry part, long[] cut)
      throws IOException {
    TenantDay tenantDay = new TenantDay(tenant, signal, day);
    try {
      change(tenantDay, current -> withPart(tenantDay, current, part, cut));
      doubtful.remove(tenantDay);
    } catch (IOException e) {
      if (part != null) {
        doubtful.computeIfAbsent(tenantDay, key -> new ArrayList<>()).add(part);
      }
      throw e;
    }
    unsettled.put(tenantDay, clock.millis());
  }

  private @Nullable Manifest withPart(
      TenantDay day, @Nullable Manifest current, @Nullable PartEntry part, long[] cut) {
    if (current == null && part == null) {
      return null;
    }
    Manifest base = current == null ? empty(day) : current;
    List<PartEntry> parts = new ArrayList<>(base.parts());
    parts.removeAll(doubtful.getOrDefault(day, List.of()));
    if (part != null) {
      parts.add(part);
      parts.sort(Comparator.comparingLong(PartEntry::maxPosition));
    }
    Set<DeletionEntry> entries = new HashSet<>(base.deletions());
    entries.addAll(deletions.of(day.tenant(), day.signal(), day.day()));
    return next(base, later(base.covered(), cut), parts, needed(entries, parts));
  }

  /** Notes the deletion wherever a part may hold rows it hides; noting it twice does no harm. */
  public void delete(PendingDeletions.Pending deletion) throws IOException {
    DeletionEntry entry = deletion.entry();
    for (UtcDay day : days(deletion.tenant(), deletion.signal())) {
      if (!deletion.deletion().range().overlaps(day.startMs(), day.endMs())) {
        continue;
      }
      TenantDay tenantDay = new TenantDay(deletion.tenant(), deletion.signal(), day);
      change(
          tenantDay,
          current -> {
            if (current == null
                || current.deletions().contains(entry)
                || needed(Set.of(entry), current.parts()).isEmpty()) {
              return current;
            }
            List<DeletionEntry> entries = new ArrayList<>(current.deletions());
            entries.add(entry);
            return next(
                current, current.covered(), current.parts(), needed(entries, current.parts()));
          });
      unsettled.putIfAbsent(tenantDay, clock.millis());
    }
  }

  /**
   * Those of publications under way too: the first part of a day may be on its way to a manifest
   * that was made up before the deletion came.
   */
  private List<UtcDay> days(TenantId tenant, Signal signal) {
    lock.writeLock().lock();
    try {
      return List.copyOf(manifests.days(tenant, signal));
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * A merge: puts {@code output} (null: no row was left) in the place of {@code inputs}.
   *
   * @param applied the deletions the merge knew of
   * @return false when the inputs are no longer all there; the output is then of no use
   */
  public boolean replace(
      TenantDay day,
      List<PartEntry> inputs,
      @Nullable PartEntry output,
      List<DeletionEntry> applied)
      throws IOException {
    boolean[] replaced = new boolean[1];
    change(
        day,
        current -> {
          replaced[0] =
              current != null
                  && current.parts().containsAll(inputs)
                  && Collections.disjoint(inputs, doubtful.getOrDefault(day, List.of()));
          if (current == null || !replaced[0]) {
            return current;
          }
          List<PartEntry> others = new ArrayList<>(current.parts());
          others.removeAll(inputs);
          List<PartEntry> parts = new ArrayList<>(others);
          if (output != null) {
            parts.add(output);
            parts.sort(Comparator.comparingLong(PartEntry::maxPosition));
          }
          List<DeletionEntry> still = new ArrayList<>();
          for (DeletionEntry entry : current.deletions()) {
            still.addAll(needed(Set.of(entry), applied.contains(entry) ? others : parts));
          }
          return next(current, current.covered(), parts, still);
        });
    return replaced[0];
  }

  /**
   * Retention: the day's parts go. With a bucket the day stays as an empty one until the bucket has
   * forgotten it too, see {@link #forget}: a day that is missing here is one that was lost.
   */
  public void drop(TenantDay day) throws IOException {
    change(
        day,
        current ->
            current == null || !isFollowed
                ? null
                : current.parts().isEmpty()
                    ? current
                    : next(current, current.covered(), List.of(), List.of()));
    unsettled.remove(day);
  }

  /** Whether it was dropped and only the bucket is still to be told. */
  public boolean isDropped(TenantDay day) {
    Manifest manifest = isFollowed ? manifests.get(day.tenant(), day.signal(), day.day()) : null;
    return manifest != null && manifest.parts().isEmpty();
  }

  /** A day of which nothing is left, here and in the bucket; others stay. */
  public void forget(TenantDay day) throws IOException {
    change(day, current -> current == null || current.parts().isEmpty() ? null : current);
  }

  /**
   * Copies of parts take their places.
   *
   * @return those whose place was still theirs
   */
  public Set<PartEntry> move(TenantDay day, Map<PartEntry, PartEntry> copies) throws IOException {
    Set<PartEntry> moved = new HashSet<>();
    change(
        day,
        current -> {
          moved.clear();
          if (current == null) {
            return null;
          }
          List<PartEntry> unsure = doubtful.getOrDefault(day, List.of());
          List<PartEntry> parts = new ArrayList<>(current.parts().size());
          for (PartEntry part : current.parts()) {
            PartEntry copy = unsure.contains(part) ? null : copies.get(part);
            if (copy != null) {
              moved.add(part);
            }
            parts.add(copy == null ? part : copy);
          }
          return moved.isEmpty()
              ? current
              : next(current, current.covered(), parts, current.deletions());
        });
    return moved;
  }

  /** What the bucket knows of a day that is not known here at all; another day stays as it is. */
  public void adopt(TenantDay day, Manifest found) throws IOException {
    change(
        day,
        current ->
            current == null
                ? next(empty(day), empty(day).covered(), found.parts(), found.deletions())
                : current);
    unsettled.putIfAbsent(day, clock.millis());
  }

  /** From now on told of all changes; before anything changes. */
  public void followedBy(ManifestChanges changes) {
    listener = changes;
    isFollowed = true;
  }

  /** Days that may be worth a merge, and when rows last came to them. */
  public Map<TenantDay, Long> unsettled() {
    return unsettled;
  }

  /**
   * Writes the days again whose last swap failed, so that what memory shows is durable; before the
   * log is released.
   */
  public void settle() throws IOException {
    for (TenantDay day : List.copyOf(unsure)) {
      change(day, current -> current);
    }
  }

  private void change(TenantDay day, UnaryOperator<@Nullable Manifest> change) throws IOException {
    ReentrantLock dayLock = dayLocks[(day.hashCode() & 0x7fff_ffff) % dayLocks.length];
    lock.readLock().lock();
    dayLock.lock();
    try {
      boolean again = !unsure.add(day);
      @Nullable Manifest[] before = new @Nullable Manifest[1];
      Manifest after =
          swaps.swap(
              day.tenant(),
              day.signal(),
              day.day(),
              current -> {
                before[0] = current;
                Manifest next = change.apply(current);
                return again && current != null && next == current ? copy(current) : next;
              });
      unsure.remove(day);
      listener.changed(day, before[0], after);
    } finally {
      dayLock.unlock();
      lock.readLock().unlock();
    }
  }

  /** Equal but not the same: the swap has to write it. */
  private static Manifest copy(Manifest manifest) {
    return next(manifest, manifest.covered(), manifest.parts(), manifest.deletions());
  }

  private Manifest empty(TenantDay day) {
    long[] none = new long[shardCount];
    Arrays.fill(none, -1);
    return new Manifest(day.tenant(), day.signal(), day.day(), 0, 0, none, List.of(), List.of());
  }

  private static Manifest next(
      Manifest base, long[] covered, List<PartEntry> parts, List<DeletionEntry> entries) {
    return new Manifest(
        base.tenant(),
        base.signal(),
        base.day(),
        base.epoch(),
        base.version(),
        covered,
        parts,
        entries);
  }

  private static long[] later(long[] left, long[] right) {
    long[] later = left.clone();
    for (int shard = 0; shard < later.length; shard++) {
      later[shard] = Math.max(left[shard], right[shard]);
    }
    return later;
  }

  /** Those that hide rows of some part, by position. */
  public static List<DeletionEntry> needed(Iterable<DeletionEntry> entries, List<PartEntry> parts) {
    List<DeletionEntry> needed = new ArrayList<>();
    for (DeletionEntry entry : entries) {
      boolean hides = false;
      for (PartEntry part : parts) {
        hides |= part.maxPosition() < entry.position();
      }
      if (hides) {
        needed.add(entry);
      }
    }
    needed.sort(Comparator.comparingLong(DeletionEntry::position));
    return needed;
  }
}
