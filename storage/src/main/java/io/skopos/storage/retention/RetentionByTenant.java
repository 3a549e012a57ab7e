// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.retention;

import io.skopos.model.TenantId;
import io.skopos.storage.StorageConfig;

/** How long each tenant's rows are kept, as of now. Thread-safe; asked with each write. */
@FunctionalInterface
public interface RetentionByTenant {
  StorageConfig.Retention of(TenantId tenant);
}
