// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.json.JsonValue;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes parcels for the lane of what was read: entries, how far the files they are of were read,
 * and what else is to be written down. Whatever it is given first is stored and written down first,
 * so that a crash never finds the new content of a file known and the old one forgotten. Used by
 * the collector's thread.
 */
final class Handover {

  /** Entries are stored by so many bytes; larger writes gain nothing. */
  static final long PARCEL_BYTES = 4 << 20;

  private final FileLane lane;
  private final EntryBatches batches;
  private final Fingerprints fingerprints;
  private final InstantSource clock;
  private final Set<FollowedFile> touched = new LinkedHashSet<>();
  private final Map<String, @Nullable JsonValue> notes = new LinkedHashMap<>();

  Handover(FileLane lane, EntryBatches batches, Fingerprints fingerprints, InstantSource clock) {
    this.lane = lane;
    this.batches = batches;
    this.fingerprints = fingerprints;
    this.clock = clock;
  }

  /** Something of the file was read, or its state has changed. */
  void touched(FollowedFile file) {
    touched.add(file);
  }

  /** Whether what is handed over need not wait. */
  boolean hasRoom() {
    return lane.hasRoom();
  }

  /** Hands over what was read if it is enough for a parcel. */
  void handIfMuch() throws IOException, InterruptedException {
    if (batches.bytes() >= PARCEL_BYTES) {
      hand();
    }
  }

  /** Hands over what was read. Waits for room, if there is none. */
  void hand() throws IOException, InterruptedException {
    List<FollowedFile.Cut> cuts = new ArrayList<>(touched.size());
    long nowMs = clock.millis();
    for (FollowedFile file : touched) {
      FollowedFile.Cut cut = file.cut(fingerprints, nowMs);
      if (cut != null) {
        cuts.add(cut);
      }
    }
    touched.clear();
    if (!cuts.isEmpty() || batches.rows() > 0 || !notes.isEmpty()) {
      lane.put(new FileLane.Parcel(batches.take(), cuts, takeNotes()));
    }
  }

  /** Has it written down where reading of the file begins, before anything is stored of it. */
  void announce(FollowedFile file) throws InterruptedException {
    lane.put(new FileLane.Parcel(Map.of(), List.of(file.announcement()), takeNotes()));
  }

  private Map<String, @Nullable JsonValue> takeNotes() {
    Map<String, @Nullable JsonValue> taken = new LinkedHashMap<>(notes);
    notes.clear();
    return taken;
  }

  /** Has the position written down with the next parcel. */
  void note(String key, FilePosition position) {
    notes.remove(key);
    notes.put(key, position.json());
  }

  /** Has the position of that key removed with the next parcel. */
  void forget(String key) {
    notes.remove(key);
    notes.put(key, null);
  }

  /** The key is in use again. */
  void keep(String key) {
    notes.remove(key);
  }
}
