// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.util.List;

/** A part, or a page of it, is not what was written. The message names object, offset and bytes. */
public final class DamagedPart extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient List<PartEntry> suspects;

  /**
   * @param suspects the damaged part, or those of which one is
   */
  public DamagedPart(String message, List<PartEntry> suspects) {
    super(message);
    this.suspects = List.copyOf(suspects);
  }

  public List<PartEntry> suspects() {
    return suspects;
  }
}
