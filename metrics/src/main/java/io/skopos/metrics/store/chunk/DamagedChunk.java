// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

/** Bytes that no encoder wrote. Whoever knows the part says which one it is. */
public final class DamagedChunk extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DamagedChunk(String message) {
    super(message);
  }
}
