// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import org.jspecify.annotations.Nullable;

/** What a strict parser demands across lines. One per body; called in the body's order. */
interface FormatRules {

  static FormatRules of(ExpositionFormat format) {
    return switch (format) {
      case TEXT -> new TextRules();
      case OPENMETRICS -> new OpenMetricsRules();
      case PROTOBUF -> throw new IllegalArgumentException("protobuf has no rules across lines");
    };
  }

  void metadata(Cursor cursor, MetadataLine line) throws ExpositionException;

  void sample(Cursor cursor, Labels labels, double value, long timeMs, @Nullable Labels exemplar)
      throws ExpositionException;

  void end(Cursor cursor) throws ExpositionException;
}
