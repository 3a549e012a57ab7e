// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.language.leaf.LeafExecutor;
import io.skopos.model.TenantId;

/**
 * What is the same everywhere in one query.
 *
 * @param endMs as asked for; the last step may lie before
 * @param stepMs 0 for an instant query
 * @param delayedNameRemoval whether names that no longer fit stay until the query ends
 */
public record QueryContext(
    TenantId tenant,
    long startMs,
    long endMs,
    long stepMs,
    long lookbackMs,
    boolean delayedNameRemoval,
    LeafExecutor leaves,
    QueryBudget budget,
    QueryAnnotations annotations) {}
