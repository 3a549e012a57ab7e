// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.inspect;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;

/**
 * What a day holds.
 *
 * @param partsElsewhere those of the parts that lie in the bucket below this data directory
 * @param damage of the manifest; empty when it is whole
 */
public record DayInventory(
    TenantId tenant,
    Signal signal,
    UtcDay day,
    long parts,
    long rows,
    long bytes,
    long partsElsewhere,
    long deletions,
    String damage) {}
