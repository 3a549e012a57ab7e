// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import java.nio.file.Path;

/** Decides which operation goes wrong. Called for each, in order, with the disk's lock held. */
@FunctionalInterface
public interface Fault {

  /** What happens to the operation. */
  enum Outcome {
    WORKS,
    /** EIO; a failed write leaves some of its bytes, a failed sync may have lost all unsynced. */
    FAILS,
    /** ENOSPC; a write leaves some of its bytes. */
    IS_FULL
  }

  /**
   * @param number how many operations the disk has seen, this one included
   */
  Outcome of(DiskOperation operation, Path path, long number);
}
