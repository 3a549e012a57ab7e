// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.IOException;

/** A block's file cannot be what it should be; the message names file and place. */
public final class DamagedBlock extends IOException {

  private static final long serialVersionUID = 1L;

  public DamagedBlock(String file, String problem) {
    super(file + ": " + problem);
  }

  public DamagedBlock(String file, long offset, String problem) {
    super(file + " at byte " + offset + ": " + problem);
  }
}
