// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats we read. */
public enum ExpositionFormat {
  /** Prometheus text 0.0.4: blanks between tokens, timestamps in milliseconds, free comments. */
  TEXT,
  /** OpenMetrics 1.0: single spaces, timestamps in seconds, exemplars, units, {@code # EOF}. */
  OPENMETRICS,
  /** {@code io.prometheus.client.MetricFamily} messages, each behind its length. */
  PROTOBUF;

  /**
   * The format a {@code Content-Type} names, or null for one that is none of ours (HTML, the text
   * forms of protobuf). A missing type, and {@code text/plain} of any version, means {@link #TEXT}:
   * targets are careless with it, and the parser says better than a header whether a body can be
   * read.
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
      case "application/vnd.google.protobuf" ->
          isDelimitedFamilies(parametersAt < 0 ? "" : contentType.substring(parametersAt))
              ? PROTOBUF
              : null;
      default -> null;
    };
  }

  /** Parameters that are not there do not speak against it. */
  private static boolean isDelimitedFamilies(String parameters) {
    for (String parameter : parameters.split(";")) {
      String[] parts = parameter.split("=", 2);
      String name = parts[0].strip().toLowerCase(Locale.ROOT);
      String value = parts.length < 2 ? "" : parts[1].strip().replace("\"", "");
      boolean wrong =
          switch (name) {
            case "proto" -> !value.equals("io.prometheus.client.MetricFamily");
            case "encoding" -> !value.equals("delimited");
            default -> false;
          };
      if (wrong) {
        return false;
      }
    }
    return true;
  }
}
