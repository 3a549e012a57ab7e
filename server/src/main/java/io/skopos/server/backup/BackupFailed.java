// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

import java.io.IOException;

/** A backup or restore cannot go on; the message is for the person who asked for it. */
public final class BackupFailed extends IOException {

  private static final long serialVersionUID = 1L;

  public BackupFailed(String message) {
    super(message);
  }
}
