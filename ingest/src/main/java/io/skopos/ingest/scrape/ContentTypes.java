// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.scrape.config.ScrapeProtocol;
import io.skopos.metrics.exposition.ExpositionFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * In which format a target answers, by Prometheus 3's rules: a Content-Type that is missing or
 * unknown fails the scrape unless the configuration names a fallback.
 */
final class ContentTypes {

  private ContentTypes() {}

  static ExpositionFormat format(@Nullable String contentType, @Nullable ScrapeProtocol fallback)
      throws ScrapeFailure {
    String type = contentType == null ? "" : mediaType(contentType);
    switch (type) {
      case "text/plain" -> {
        return ExpositionFormat.TEXT;
      }
      case "application/openmetrics-text" -> {
        return ExpositionFormat.OPENMETRICS;
      }
      case "application/vnd.google.protobuf" -> {
        ExpositionFormat format = ExpositionFormat.ofContentType(contentType);
        if (format != null) {
          return format;
        }
      }
      default -> {}
    }
    if (fallback != null) {
      return format(fallback);
    }
    if (type.isEmpty()) {
      throw new ScrapeFailure(
          "the target sends no Content-Type and no fallback_scrape_protocol is set");
    }
    throw new ScrapeFailure(
        "the Content-Type '"
            + contentType
            + "' is neither text/plain, OpenMetrics nor protobuf and no fallback_scrape_protocol is"
            + " set");
  }

  private static String mediaType(String contentType) {
    int parametersAt = contentType.indexOf(';');
    String type = parametersAt < 0 ? contentType : contentType.substring(0, parametersAt);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  private static ExpositionFormat format(ScrapeProtocol protocol) {
    return switch (protocol) {
      case TEXT_0_0_4, TEXT_1_0_0 -> ExpositionFormat.TEXT;
      case OPENMETRICS_0_0_1, OPENMETRICS_1_0_0 -> ExpositionFormat.OPENMETRICS;
      case PROTOBUF -> ExpositionFormat.PROTOBUF;
    };
  }
}
