// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.bytes;

/**
 * Bytes that no writer of ours wrote, found while decoding. Whoever knows the file says which one
 * it is ({@code DamagedPart}).
 */
public final class DamagedBytes extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DamagedBytes(String message) {
    super(message);
  }
}
