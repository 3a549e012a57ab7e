// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

/**
 * How the bucket keeps up.
 *
 * @param attached whether this process owns the bucket, or follows it
 * @param epoch of this owner; 0 for none
 * @param owner whose bucket a reader follows; empty for an owner
 * @param waitingParts parts that are here only
 * @param waitingBytes their bytes
 * @param oldestWaitingMs when the oldest of them was written; 0 for none
 * @param waitingDays days whose manifest in the bucket is behind
 * @param waitingRemovals objects of the bucket waiting to be removed
 * @param lastSuccessMs when all that was due was done; for a reader, the last poll; 0 for never
 * @param lastError empty when the last attempt went well
 */
public record TieringStatus(
    boolean attached,
    long epoch,
    String owner,
    long waitingParts,
    long waitingBytes,
    long oldestWaitingMs,
    long waitingDays,
    long waitingRemovals,
    long lastSuccessMs,
    String lastError) {}
