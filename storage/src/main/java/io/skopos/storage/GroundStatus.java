// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.storage.log.LogHealth;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.tiering.TieringStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the status endpoint shows of the ground.
 *
 * @param writable whether writes are taken now
 * @param reason why not; empty when writable
 * @param applyFailures frames that are durable but could not be applied since the start; kept aside
 * @param headBytes memory of all heads
 * @param headLimitBytes at which writes are refused
 * @param lastFlushMs when the last flush ended well; 0 for never
 * @param lastFlushError what the last flush failed with; empty when it did not
 * @param backgroundErrors the latest error of each kind of background work
 * @param tiering null without a bucket
 */
public record GroundStatus(
    boolean writable,
    String reason,
    LogHealth log,
    ReplayReport replay,
    long applyFailures,
    long headBytes,
    long headLimitBytes,
    long lastFlushMs,
    String lastFlushError,
    List<String> backgroundErrors,
    @Nullable TieringStatus tiering) {}
