// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs;

import io.skopos.model.TenantId;

/** What holds for each tenant's log entries, as of now: the same object until it changes. */
@FunctionalInterface
public interface LogsByTenant {
  LogsConfig of(TenantId tenant);
}
