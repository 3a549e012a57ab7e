// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

/**
 * What a start read.
 *
 * @param segments files (or partitions) read
 * @param frames handed over
 * @param skippedFrames read, but released before
 * @param rows in the frames handed over
 * @param bytes read
 * @param seconds it took
 * @param tornBytes behind the last whole append of the log's end: the rest of a write that was
 *     never acknowledged; cut off
 * @param damagedBytes lost in the middle; the damaged files name them
 * @param damagedPieces how many stretches those are
 */
public record ReplayReport(
    long segments,
    long frames,
    long skippedFrames,
    long rows,
    long bytes,
    double seconds,
    long tornBytes,
    long damagedBytes,
    long damagedPieces) {

  public static final ReplayReport NOTHING = new ReplayReport(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
