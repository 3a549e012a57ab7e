// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.damage;

import io.skopos.model.TimeRange;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One finding.
 *
 * @param file path or object key
 * @param what what is wrong, where in the file, and what was done about it
 * @param range of the rows that may be missing; null when not even that is known
 * @param bytes how many bytes cannot be used
 * @param when it was found
 */
public record DamagedFile(
    Kind kind, String file, String what, @Nullable TimeRange range, long bytes, Instant when) {

  /** What the file was. */
  public enum Kind {
    LOG("log"),
    PART("part"),
    MANIFEST("manifest"),
    DOCUMENT("document"),
    DIRECTORY("directory");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    /** As the metrics name it. */
    public String key() {
      return key;
    }
  }
}
