// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a wing gives the ground: how its rows go into the head, from there into parts, and how parts
 * merge.
 *
 * <p>Per shard, {@link #apply}, {@link #delete} and {@link #freeze} come from one thread, in
 * position order. {@link #flush} and {@link #merge} come from background threads, never two flushes
 * at once. Queries run beside all of them.
 */
public interface SignalStore {

  Signal signal();

  /**
   * Applies a frame of rows of this signal; rows of days that are {@link
   * AppendedFrame#alreadyInParts} are skipped. Equal row identities: the later position wins. Must
   * not refuse: everything refusable was refused before the log.
   */
  void apply(AppendedFrame frame);

  /**
   * Hides the rows of the shard's heads, active and frozen, that the deletion matches and that were
   * applied before: from queries at once, and from the parts written of them later, except of a
   * part already being written (its manifest gets the deletion). Called on every shard, in position
   * order with {@link #apply}; parts are hidden by the manifests, not by this call.
   */
  void delete(int shard, long position, TenantId tenant, Deletion deletion);

  /**
   * Seals everything this shard's head holds for the next flush; later frames go to a fresh head.
   */
  void freeze(int shard, long position);

  /**
   * Writes all that is frozen as parts and publishes them, one call per tenant and day. What is
   * frozen stays visible to queries until its publication, and is kept for the next attempt when
   * this throws.
   *
   * @param positions per shard, the position of the last freeze; -1 for none
   */
  void flush(long[] positions, PartPublisher publisher) throws IOException;

  /**
   * Writes one part with the rows of {@code inputs} (in ascending order of position), without what
   * {@code deletions} hide and, of equal identities, only the latest. Null when nothing is left.
   */
  @Nullable PartEntry merge(
      TenantId tenant, UtcDay day, List<PartEntry> inputs, List<DeletionEntry> deletions)
      throws IOException;

  /** Roughly how many bytes of memory the heads (active and frozen) hold, off-heap and on. */
  long headBytes();

  /** Makes flushed rows visible in a tenant's day. */
  interface PartPublisher {

    /**
     * Swaps the manifest: adds {@code part} (null when a freeze left nothing to write) and marks
     * the day's rows of each shard as covered up to the freeze's position. Several threads of one
     * flush may publish at once.
     */
    void publish(TenantId tenant, UtcDay day, @Nullable PartEntry part) throws IOException;
  }
}
