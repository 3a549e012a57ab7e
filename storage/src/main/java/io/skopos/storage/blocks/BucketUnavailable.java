// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

import java.io.IOException;

/** The bucket does not answer, or not as it should; what lies there cannot be read now. */
public final class BucketUnavailable extends IOException {

  private static final long serialVersionUID = 1L;

  public BucketUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
