// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.model.histogram.ResetHint;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;

/**
 * Reads a {@code Histogram} of remote write, which both versions write alike, into a {@link
 * HistogramDraft}. Numbers may come packed or one by one.
 */
final class HistogramReader {

  private static final String HISTOGRAM = "Histogram";

  private final ProtobufReader in;
  private final HistogramDraft draft;
  private long timeMs;
  private long startMs;

  HistogramReader(ProtobufReader in, HistogramDraft draft) {
    this.in = in;
    this.draft = draft;
  }

  long timeMs() {
    return timeMs;
  }

  /** 0 when it has none; version 1.0 has none. */
  long startMs() {
    return startMs;
  }

  /** Reads the message from where {@code in} stands to {@code end}. */
  void read(int end) throws MalformedMessage {
    draft.reset();
    timeMs = 0;
    startMs = 0;
    while (in.at < end) {
      int tag = in.tag(end, HISTOGRAM);
      switch (tag >>> 3) {
        case 1 -> {
          expect(tag, ProtobufReader.VARINT);
          draft.count = in.varint(end, "a histogram's count");
          draft.floating = false;
        }
        case 2 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.floatCount = in.float64(end, "a histogram's count");
          draft.floating = true;
        }
        case 3 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.sum = in.float64(end, "a histogram's sum");
        }
        case 4 -> {
          expect(tag, ProtobufReader.VARINT);
          draft.schema = (int) in.zigzag(end, "a histogram's schema");
        }
        case 5 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.zeroThreshold = in.float64(end, "a histogram's zero threshold");
        }
        case 6 -> {
          expect(tag, ProtobufReader.VARINT);
          draft.zeroCount = in.varint(end, "a histogram's zero count");
        }
        case 7 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.floatZeroCount = in.float64(end, "a histogram's zero count");
        }
        case 8 -> draft.negative.readSpan(in, tag, end);
        case 9 -> draft.negative.readDeltas(in, tag, end);
        case 10 -> draft.negative.readCounts(in, tag, end);
        case 11 -> draft.positive.readSpan(in, tag, end);
        case 12 -> draft.positive.readDeltas(in, tag, end);
        case 13 -> draft.positive.readCounts(in, tag, end);
        case 14 -> {
          expect(tag, ProtobufReader.VARINT);
          long hint = in.varint(end, "a histogram's reset hint");
          draft.resetHint = hint < 0 || hint > 3 ? ResetHint.UNKNOWN : ResetHint.of((int) hint);
        }
        case 15 -> {
          expect(tag, ProtobufReader.VARINT);
          timeMs = in.varint(end, "a histogram's timestamp");
        }
        case 16 -> customValues(tag, end);
        case 17 -> {
          expect(tag, ProtobufReader.VARINT);
          startMs = in.varint(end, "a histogram's start timestamp");
        }
        default -> in.skip(tag, end, HISTOGRAM);
      }
    }
  }

  private void expect(int tag, int type) throws MalformedMessage {
    if ((tag & 7) != type) {
      throw in.wrongType(tag, HISTOGRAM);
    }
  }

  private void customValues(int tag, int end) throws MalformedMessage {
    switch (tag & 7) {
      case ProtobufReader.FIXED64 -> draft.customValue(in.float64(end, "a custom boundary"));
      case ProtobufReader.LENGTH -> {
        int to = in.enter(end, "custom boundaries");
        while (in.at < to) {
          draft.customValue(in.float64(to, "a custom boundary"));
        }
      }
      default -> throw in.wrongType(tag, HISTOGRAM);
    }
  }
}
