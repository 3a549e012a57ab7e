// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.storage.objects.ObjectStore;
import org.jspecify.annotations.Nullable;

/**
 * The bucket below a data directory, and what for.
 *
 * @param bucket null for none
 */
public record BucketUse(@Nullable ObjectStore bucket, Mode mode) {

  public static final BucketUse NONE = new BucketUse(null, Mode.OWN);

  /** What the bucket is used for. */
  public enum Mode {
    /** The data directory's parts go there; it belongs to no other. */
    OWN,
    /** As {@link #OWN}, even when it belongs to another directory, whose machine is gone. */
    TAKE_OVER,
    /** Somebody else's bucket: its parts are read, nothing is written. */
    READ_ONLY
  }

  public BucketUse {
    if (bucket == null && mode != Mode.OWN) {
      throw new IllegalArgumentException("without a bucket there is nothing to read or take over");
    }
  }
}
