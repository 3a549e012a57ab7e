// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.NanoTimes;
import io.skopos.storage.Deletion;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** What deletions hide of a part: times of streams. Immutable. */
public final class HiddenTimes {

  public static final HiddenTimes NONE = new HiddenTimes(List.of());

  private record Hidden(RoaringBitmap streams, long fromNs, long toNs) {}

  private final List<Hidden> all;

  private HiddenTimes(List<Hidden> all) {
    this.all = all;
  }

  /** Of those deletions that came after the part's rows. */
  public static HiddenTimes of(LogPart part, List<DeletionEntry> deletions) throws IOException {
    List<Hidden> all = new ArrayList<>();
    PartEntry entry = part.entry();
    for (DeletionEntry one : deletions) {
      Deletion deletion = one.deletion();
      if (one.position() > entry.maxPosition()
          && deletion.range().overlaps(entry.minTimeMs(), entry.maxTimeMs())) {
        RoaringBitmap streams = part.select(deletion);
        if (!streams.isEmpty()) {
          all.add(
              new Hidden(
                  streams,
                  NanoTimes.first(deletion.range().fromMs()),
                  NanoTimes.last(deletion.range().toMs())));
        }
      }
    }
    return all.isEmpty() ? NONE : new HiddenTimes(all);
  }

  /** Whether some row of a stream between both times is hidden. */
  public boolean touches(int stream, long fromNs, long toNs) {
    for (Hidden one : all) {
      if (one.fromNs <= toNs && one.toNs >= fromNs && one.streams.contains(stream)) {
        return true;
      }
    }
    return false;
  }

  /** Whether all rows of a stream between both times are hidden. */
  public boolean covers(int stream, long fromNs, long toNs) {
    for (Hidden one : all) {
      if (one.fromNs <= fromNs && one.toNs >= toNs && one.streams.contains(stream)) {
        return true;
      }
    }
    return false;
  }
}
