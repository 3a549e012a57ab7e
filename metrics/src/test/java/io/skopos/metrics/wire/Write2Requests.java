// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.wire.ProtoSchema.Message;
import java.util.ArrayList;
import java.util.List;

/** Builds requests of remote write 2.0 by Google's runtime. */
public final class Write2Requests {

  public static final ProtoSchema SCHEMA =
      new ProtoSchema(
          """
          Sample: double value 1, int64 timestamp 2, int64 start 3
          Exemplar: uint32*packed labels 1, double value 2, int64 timestamp 3
          Metadata: uint32 type 1, uint32 help 3, uint32 unit 4
          Span: sint32 offset 1, uint32 length 2
          Histogram: uint64 count_int 1, double count_float 2, double sum 3, sint32 schema 4, \
          double zero_threshold 5, uint64 zero_count_int 6, double zero_count_float 7, Span* negative_spans 8, \
          sint64*packed negative_deltas 9, double*packed negative_counts 10, Span* positive_spans 11, \
          sint64*packed positive_deltas 12, double*packed positive_counts 13, uint32 reset_hint 14, int64 timestamp 15, \
          double*packed custom_values 16, int64 start 17
          Series: uint32*packed labels 1, Sample* samples 2, Histogram* histograms 3, Exemplar* exemplars 4, \
          Metadata metadata 5, int64 created 6
          Request: bytes* symbols 4, Series* timeseries 5
          """);

  private final List<String> symbols = new ArrayList<>(List.of(""));
  private final List<Message> series = new ArrayList<>();

  public static Message message(String name) {
    return SCHEMA.message(name);
  }

  public int symbol(String text) {
    int at = symbols.indexOf(text);
    if (at < 0) {
      symbols.add(text);
      at = symbols.size() - 1;
    }
    return at;
  }

  private Object[] references(String... texts) {
    Object[] references = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      references[i] = symbol(texts[i]);
    }
    return references;
  }

  /** Begins a series; it may be added to until {@link #bytes}. */
  public Message series(String... namesAndValues) {
    Message begun = message("Series").with("labels", references(namesAndValues));
    series.add(begun);
    return begun;
  }

  public static Message sample(long timeMs, double value) {
    return message("Sample").with("timestamp", timeMs).with("value", value);
  }

  public Message exemplar(long timeMs, double value, String... namesAndValues) {
    return message("Exemplar")
        .with("labels", references(namesAndValues))
        .with("timestamp", timeMs)
        .with("value", value);
  }

  public Message metadata(int type, String help, String unit) {
    return message("Metadata")
        .with("type", type)
        .with("help", symbol(help))
        .with("unit", symbol(unit));
  }

  public static Message span(int offset, int length) {
    return message("Span").with("offset", offset).with("length", length);
  }

  /** Two observations in one bucket. */
  public static Message histogram(long timeMs) {
    return message("Histogram")
        .with("timestamp", timeMs)
        .with("count_int", 2)
        .with("sum", 3)
        .with("positive_spans", span(1, 1))
        .with("positive_deltas", 2);
  }

  public byte[] bytes() {
    return message("Request")
        .with("symbols", symbols.toArray())
        .with("timeseries", series.toArray())
        .bytes();
  }
}
