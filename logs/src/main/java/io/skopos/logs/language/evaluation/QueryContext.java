// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.Annotations;
import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogSource;
import io.skopos.model.TenantId;

/** What is the same everywhere in one query. */
public record QueryContext(
    TenantId tenant,
    LogSource source,
    QueryBudget budget,
    Annotations annotations,
    ScanCounts counts) {

  public QueryContext(TenantId tenant, LogSource source, QueryBudget budget) {
    this(tenant, source, budget, new Annotations(), new ScanCounts(budget));
  }
}
