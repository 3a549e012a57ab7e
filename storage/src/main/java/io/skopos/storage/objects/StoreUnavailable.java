// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The store did not answer, for as long as the call was ready to wait. It may later; nobody has to
 * do anything here. What the call was to write may have been written or not.
 */
public final class StoreUnavailable extends IOException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
