// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.head;

import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;

/**
 * Rows of one tenant, day and shard that are in no part yet. Counts those who read it; its owner
 * releases it once when it is dropped.
 */
public interface Head {

  TenantId tenant();

  UtcDay day();

  int shard();

  /** Hides the matching rows that are there now; on the shard's thread. */
  void delete(Deletion deletion);

  /** False when the head was dropped meanwhile; else {@link #release} it. */
  boolean tryRetain();

  void release();
}
