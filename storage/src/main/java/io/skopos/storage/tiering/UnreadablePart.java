// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;

/** A local part cannot be read, so it cannot be uploaded; others can. */
final class UnreadablePart extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient PartEntry part;

  UnreadablePart(PartEntry part, IOException cause) {
    super("part " + part.object() + " cannot be read for the upload: " + cause.getMessage(), cause);
    this.part = part;
  }

  PartEntry part() {
    return part;
  }
}
