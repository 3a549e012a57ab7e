// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a scraper wants to get.
 *
 * @param anyNames whether it reads names that need quotes; others get underscores for what a name
 *     could not hold before UTF-8 was allowed
 */
public record AcceptedFormat(ExpositionFormat format, boolean anyNames) {

  private static final AcceptedFormat TEXT = new AcceptedFormat(ExpositionFormat.TEXT, false);

  /**
   * The format an {@code Accept} header likes best of those we write. Without one that we know it
   * is text 0.0.4, which everybody reads.
   */
  public static AcceptedFormat ofAccept(@Nullable String header) {
    AcceptedFormat best = TEXT;
    double bestWeight = 0;
    for (String element : header == null ? new String[0] : header.split(",")) {
      String[] parts = element.split(";");
      ExpositionFormat format = parts[0].isBlank() ? null : format(element, parts[0]);
      double weight = 1;
      boolean anyNames = false;
      for (int i = 1; i < parts.length; i++) {
        String[] parameter = parts[i].strip().split("=", 2);
        String value = parameter.length < 2 ? "" : parameter[1].strip();
        switch (parameter[0].strip().toLowerCase(Locale.ROOT)) {
          case "q" -> weight = weight(value);
          case "escaping" -> anyNames = value.equals("allow-utf-8");
          default -> {}
        }
      }
      if (format != null && weight > bestWeight) {
        best = new AcceptedFormat(format, anyNames);
        bestWeight = weight;
      }
    }
    return best;
  }

  private static @Nullable ExpositionFormat format(String element, String type) {
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "*/*", "text/*" -> ExpositionFormat.TEXT;
      case "application/octet-stream" -> null;
      default -> ExpositionFormat.ofContentType(element);
    };
  }

  private static double weight(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  public String contentType() {
    String names = anyNames ? "; escaping=allow-utf-8" : "; escaping=underscores";
    return switch (format) {
      case TEXT -> "text/plain; version=0.0.4; charset=utf-8" + names;
      case OPENMETRICS -> "application/openmetrics-text; version=1.0.0; charset=utf-8" + names;
      case PROTOBUF ->
          "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
              + " encoding=delimited"
              + names;
    };
  }
}
