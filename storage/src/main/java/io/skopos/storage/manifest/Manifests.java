// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Read side of the manifests, from memory. A query takes a {@link Lease} first, so that no object
 * of a manifest it sees disappears before the lease is closed.
 */
public interface Manifests {

  Set<TenantId> tenants(Signal signal);

  NavigableSet<UtcDay> days(TenantId tenant, Signal signal);

  /** Null when nothing of that day was ever published. */
  @Nullable Manifest get(TenantId tenant, Signal signal, UtcDay day);

  /** The manifests whose day overlaps the range, by ascending day. */
  List<Manifest> overlapping(TenantId tenant, Signal signal, long fromMs, long toMs);

  /** Holds back the removal of replaced objects. Cheap; close it on every path. */
  Lease lease();

  /** See {@link Manifests#lease}. */
  interface Lease extends AutoCloseable {
    @Override
    void close();
  }
}
