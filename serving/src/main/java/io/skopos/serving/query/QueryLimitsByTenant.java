// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.skopos.model.TenantId;

/** What each tenant's queries may cost, as of now. Thread-safe; asked with each query. */
@FunctionalInterface
public interface QueryLimitsByTenant {
  QueryLimits of(TenantId tenant);
}
