// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Write side of the manifests. Thread-safe. */
public interface ManifestSwaps {

  /**
   * Replaces a day's manifest in one compare-and-swap; durable and visible when it returns. Objects
   * that only the replaced manifest named are removed once no {@link Manifests.Lease} taken before
   * the swap is open.
   *
   * @param change from the present manifest (null: none) to the next one (null: remove it; the same
   *     object: leave it). Epoch and version of the result are filled in by the swap. Called again
   *     when another process was faster, so it must have no effects of its own.
   * @return what is there now
   * @throws IOException when the swap may not have happened; memory then shows what storage has, or
   *     had if that cannot be read; the next swap reads it again
   */
  @Nullable Manifest swap(
      TenantId tenant, Signal signal, UtcDay day, UnaryOperator<@Nullable Manifest> change)
      throws IOException;
}
