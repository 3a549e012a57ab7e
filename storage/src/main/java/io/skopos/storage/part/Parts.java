// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.util.List;

/**
 * Opens and creates parts in the object store. Thread-safe; open parts are cached within a bound.
 */
public interface Parts {

  /** A part with rows that are in no other part. */
  default PartWriter create(TenantId tenant, Signal signal, UtcDay day) throws IOException {
    return create(tenant, signal, day, List.of());
  }

  /**
   * @param replaces the parts whose rows it merges; kept in the part, so that a day whose manifest
   *     is lost can be put together again without counting rows twice
   */
  PartWriter create(TenantId tenant, Signal signal, UtcDay day, List<PartEntry> replaces)
      throws IOException;

  /**
   * @throws DamagedPart when header, footer or checksum do not fit; it is then listed under damaged
   *     files
   */
  PartReader open(TenantId tenant, Signal signal, UtcDay day, PartEntry entry) throws IOException;

  /**
   * A wing's decoded form of a part's footer and index, kept beside the open part and dropped with
   * it; {@code opener} runs once. Its bytes are charged to the cache.
   */
  <T extends Opened> T opened(
      TenantId tenant, Signal signal, UtcDay day, PartEntry entry, Opener<T> opener)
      throws IOException;

  /** Whether reading the part may take the time of requests over the network. */
  boolean isRemote(PartEntry entry);

  /** Says that the part will be opened soon; does not wait. */
  void prefetch(PartEntry entry);

  /** Reads a wing's footer. */
  @FunctionalInterface
  interface Opener<T extends Opened> {
    T open(PartReader reader) throws IOException;
  }

  /** What a wing keeps for an open part; on-heap, collected when no query uses it. */
  interface Opened {
    long heapBytes();
  }
}
