// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import java.io.IOException;

/** Removes an object, wherever it lies; at once or later. */
@FunctionalInterface
public interface ObjectRemoval {
  void remove(String object) throws IOException;
}
