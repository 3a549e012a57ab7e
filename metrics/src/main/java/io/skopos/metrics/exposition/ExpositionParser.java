// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/**
 * Reads bodies of one format. What was met before (see {@link SeriesCache}) costs one comparison of
 * bytes and the reading of its value; nothing is allocated for it.
 *
 * <p>Lax parsers take what Prometheus takes. Strict ones hold the body against its format: text
 * 0.0.4 as the reference decoder of the Go client does, OpenMetrics 1.0 by the rules of its
 * specification, across lines too. Not thread-safe; reusable, also after an exception.
 */
public interface ExpositionParser {

  /**
   * Reads {@code length} bytes of {@code body} from {@code offset}.
   *
   * @throws ExpositionException at the first line or metric that cannot be read and that {@link
   *     ExpositionSink#badLine} does not pass over; what stood before it has reached the sink
   */
  void parse(byte[] body, int offset, int length, SeriesCache series, ExpositionSink sink)
      throws ExpositionException;

  static ExpositionParser lax(ExpositionFormat format) {
    return lax(format, ExpositionOptions.DEFAULT);
  }

  static ExpositionParser lax(ExpositionFormat format, ExpositionOptions options) {
    return format == ExpositionFormat.PROTOBUF
        ? new ProtobufParser(options)
        : new TextParser(format, false, options);
  }

  /**
   * @throws IllegalArgumentException for protobuf, whose messages leave nothing to be stricter with
   */
  static ExpositionParser strict(ExpositionFormat format) {
    if (format == ExpositionFormat.PROTOBUF) {
      throw new IllegalArgumentException("there is no strict parser of protobuf");
    }
    return new TextParser(format, true, ExpositionOptions.DEFAULT);
  }
}
