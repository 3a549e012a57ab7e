// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The text formats we read. */
public enum ExpositionFormat {
  /** Prometheus text 0.0.4: blanks between tokens, timestamps in milliseconds, free comments. */
  TEXT,
  /** OpenMetrics 1.0: single spaces, timestamps in seconds, exemplars, units, {@code # EOF}. */
  OPENMETRICS;

  /**
   * The format a {@code Content-Type} names, or null for one that is none of ours (protobuf, HTML).
   * A missing type, and {@code text/plain} of any version, means {@link #TEXT}: targets are
   * careless with it, and the parser says better than a header whether a body can be read.
   */
  public static @Nullable ExpositionFormat ofContentType(@Nullable String contentType) {
    if (contentType == null || contentType.isBlank()) {
      return TEXT;
    }
    int parametersAt = contentType.indexOf(';');
    String type = parametersAt < 0 ? contentType : contentType.substring(0, parametersAt);
    return switch (type.trim().toLowerCase(Locale.ROOT)) {
      case "text/plain", "application/octet-stream" -> TEXT;
      case "application/openmetrics-text" -> OPENMETRICS;
      default -> null;
    };
  }
}
