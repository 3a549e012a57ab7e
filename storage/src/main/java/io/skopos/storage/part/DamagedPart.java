// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import java.io.IOException;

/** A part, or a page of it, is not what was written. The message names object, offset and bytes. */
public final class DamagedPart extends IOException {

  private static final long serialVersionUID = 1L;

  public DamagedPart(String message) {
    super(message);
  }
}
