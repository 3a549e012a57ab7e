// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where listings go on: the store begins a page by a marker of its own, our callers by the last key
 * they saw. The latest are kept; a listing whose marker is gone begins again and skips.
 * Thread-safe.
 */
final class ListMarkers {

  private static final int MAX = 256;

  private final Map<String, String> markers =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX;
        }
      };

  synchronized void put(String prefix, String lastKey, String marker) {
    markers.put(prefix + "\0" + lastKey, marker);
  }

  synchronized @Nullable String get(String prefix, String lastKey) {
    return markers.get(prefix + "\0" + lastKey);
  }
}
