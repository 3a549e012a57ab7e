// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartEntry;

/** Where a part lies; no two share it. */
public record PartAddress(String object, long offset) {

  public static PartAddress of(PartEntry entry) {
    return new PartAddress(entry.object(), entry.offset());
  }
}
