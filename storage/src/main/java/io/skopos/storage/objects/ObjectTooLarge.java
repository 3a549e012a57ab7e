// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import java.io.IOException;

/** An object has more bytes than its reader is ready to hold. */
public final class ObjectTooLarge extends IOException {

  private static final long serialVersionUID = 1L;

  public ObjectTooLarge(String message) {
    super(message);
  }
}
