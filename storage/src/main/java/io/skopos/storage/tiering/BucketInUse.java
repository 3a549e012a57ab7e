// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import java.io.IOException;

/** The bucket belongs to another data directory, or the directory to another bucket. */
public final class BucketInUse extends IOException {

  private static final long serialVersionUID = 1L;

  public BucketInUse(String message) {
    super(message);
  }
}
