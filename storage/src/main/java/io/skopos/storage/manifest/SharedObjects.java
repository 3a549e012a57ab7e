// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts how many manifests name an object that lies outside of their day's own folder: such an
 * object may carry parts of several days or tenants and goes with the last of them. Thread-safe.
 */
final class SharedObjects {

  private final Map<String, Integer> references = new HashMap<>();

  void replaced(@Nullable Manifest before, @Nullable Manifest after) {
    Set<String> had = foreignObjects(before);
    Set<String> has = foreignObjects(after);
    if (had.isEmpty() && has.isEmpty()) {
      return;
    }
    synchronized (references) {
      for (String object : has) {
        if (!had.contains(object)) {
          references.merge(object, 1, Integer::sum);
        }
      }
      for (String object : had) {
        if (!has.contains(object)) {
          references.computeIfPresent(object, (key, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  boolean isNamed(String object) {
    synchronized (references) {
      return references.containsKey(object);
    }
  }

  private static Set<String> foreignObjects(@Nullable Manifest manifest) {
    Set<String> foreign = new HashSet<>();
    if (manifest != null) {
      String folder = PartKeys.folder(manifest.tenant(), manifest.signal(), manifest.day());
      for (PartEntry part : manifest.parts()) {
        if (!part.object().startsWith(folder)) {
          foreign.add(part.object());
        }
      }
    }
    return foreign;
  }
}
