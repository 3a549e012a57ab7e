// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

/** A chunk's bytes cannot be what they should be; the message says how. */
public final class DamagedChunk extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DamagedChunk(String message) {
    super(message, null, false, false);
  }
}
