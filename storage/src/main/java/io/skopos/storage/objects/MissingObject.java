// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no object under the key. */
public final class MissingObject extends IOException {

  private static final long serialVersionUID = 1L;

  public MissingObject(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
