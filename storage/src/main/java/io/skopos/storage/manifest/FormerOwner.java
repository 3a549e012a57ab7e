// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import java.io.IOException;

/** Somebody with a later epoch owns the data now; this process must not publish any more. */
public final class FormerOwner extends IOException {

  private static final long serialVersionUID = 1L;

  public FormerOwner(String message) {
    super(message);
  }
}
