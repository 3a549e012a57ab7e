// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.model.TenantId;

/** What each tenant may send, as of now. Thread-safe; asked with each write, so be quick. */
@FunctionalInterface
public interface LimitsByTenant {

  /** The same object until the tenant's limits change. */
  IntakeLimits of(TenantId tenant);
}
