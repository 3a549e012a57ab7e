// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.storage.objects.ObjectStore;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The bucket below a data directory, and what for.
 *
 * @param bucket null for none
 * @param check tries before the first use whether the bucket can do what is asked of it
 */
public record BucketUse(@Nullable ObjectStore bucket, Mode mode, Check check) {

  public static final BucketUse NONE = new BucketUse(null, Mode.OWN);

  /** Tries a bucket. */
  @FunctionalInterface
  public interface Check {
    void run() throws IOException;
  }

  /** What the bucket is used for. */
  public enum Mode {
    /** The data directory's parts go there; it belongs to no other. */
    OWN,
    /** As {@link #OWN}, even when it belongs to another directory, whose machine is gone. */
    TAKE_OVER,
    /** Somebody else's bucket: its parts are read, nothing is written. */
    READ_ONLY
  }

  /** A bucket that needs no trial. */
  public BucketUse(@Nullable ObjectStore bucket, Mode mode) {
    this(bucket, mode, () -> {});
  }

  public BucketUse {
    if (bucket == null && mode != Mode.OWN) {
      throw new IllegalArgumentException("without a bucket there is nothing to read or take over");
    }
  }
}
