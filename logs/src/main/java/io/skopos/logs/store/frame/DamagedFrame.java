// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.frame;

/** A frame's payload is not what an encoder wrote; the message says where. None of it was used. */
public final class DamagedFrame extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DamagedFrame(String what) {
    super("frame of log entries cannot be read: " + what);
  }
}
