// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.skopos.model.TenantId;
import org.jspecify.annotations.Nullable;

/** Hears of changes made through this process. */
@FunctionalInterface
public interface DocumentListener {

  /**
   * Called by the changing thread once the change is durable; be quick. Changes of one document by
   * several threads may arrive in another order: what counts is the greater version, and for a
   * removal what {@link Documents#get} says.
   *
   * @param now null when it was removed
   */
  void changed(TenantId tenant, String kind, String name, @Nullable Document now);
}
