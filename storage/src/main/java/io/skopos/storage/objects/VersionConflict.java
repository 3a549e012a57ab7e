// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import java.io.IOException;

/** The object is not in the state a conditional write asked for; nothing was written. */
public final class VersionConflict extends IOException {

  private static final long serialVersionUID = 1L;

  public VersionConflict(String message) {
    super(message);
  }
}
