// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.wire.HistogramDraft;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.util.Arrays;

/**
 * A {@code Histogram} of an exposition: a classic one, a native one or both in one message. Reused.
 */
final class ProtobufHistogram {

  private static final String HISTOGRAM = "Histogram";
  private static final String BUCKET = "Bucket";

  private final ProtobufReader in;
  final HistogramDraft draft = new HistogramDraft();
  final ClassicBuckets classic = new ClassicBuckets();

  /** Pairs of begin and end: of the native exemplars, and of those in buckets, 0 for none. */
  int[] exemplars = new int[16];

  int exemplarInts;
  int[] bucketExemplars = new int[64];
  long createdMs;

  ProtobufHistogram(ProtobufReader in) {
    this.in = in;
  }

  /** Also a native histogram without observations counts, if it says so by an empty span. */
  boolean isNative() {
    return draft.positive.hasSpans()
        || draft.negative.hasSpans()
        || draft.zeroThreshold > 0
        || draft.zeroCount != 0
        || draft.floatZeroCount > 0;
  }

  /** As the classic series have it. */
  double count() {
    return draft.floatCount > 0 ? draft.floatCount : unsigned(draft.count);
  }

  void read(int end) throws MalformedMessage {
    draft.reset();
    classic.reset();
    exemplarInts = 0;
    createdMs = 0;
    while (in.at < end) {
      int tag = in.tag(end, HISTOGRAM);
      switch (tag >>> 3) {
        case 1 -> {
          expect(tag, ProtobufReader.VARINT);
          draft.count = in.varint(end, "a histogram's count");
        }
        case 2 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.sum = in.float64(end, "a histogram's sum");
        }
        case 3 -> {
          expect(tag, ProtobufReader.LENGTH);
          bucket(in.enter(end, "a histogram's bucket"));
        }
        case 4 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.floatCount = in.float64(end, "a histogram's count");
        }
        case 5 -> {
          expect(tag, ProtobufReader.VARINT);
          draft.schema = (int) in.zigzag(end, "a histogram's schema");
        }
        case 6 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.zeroThreshold = in.float64(end, "a histogram's zero threshold");
        }
        case 7 -> {
          expect(tag, ProtobufReader.VARINT);
          draft.zeroCount = in.varint(end, "a histogram's zero count");
        }
        case 8 -> {
          expect(tag, ProtobufReader.FIXED64);
          draft.floatZeroCount = in.float64(end, "a histogram's zero count");
        }
        case 9 -> draft.negative.readSpan(in, tag, end);
        case 10 -> draft.negative.readDeltas(in, tag, end);
        case 11 -> draft.negative.readCounts(in, tag, end);
        case 12 -> draft.positive.readSpan(in, tag, end);
        case 13 -> draft.positive.readDeltas(in, tag, end);
        case 14 -> draft.positive.readCounts(in, tag, end);
        case 15 -> {
          expect(tag, ProtobufReader.LENGTH);
          createdMs = ProtobufTime.read(in, in.enter(end, "a created timestamp"));
        }
        case 16 -> {
          expect(tag, ProtobufReader.LENGTH);
          exemplar(in.enter(end, "an exemplar"));
        }
        default -> in.skip(tag, end, HISTOGRAM);
      }
    }
    draft.floating = draft.floatCount > 0 || draft.floatZeroCount > 0;
  }

  private void expect(int tag, int type) throws MalformedMessage {
    if ((tag & 7) != type) {
      throw in.wrongType(tag, HISTOGRAM);
    }
  }

  private void exemplar(int to) {
    if (exemplarInts == exemplars.length) {
      exemplars = Arrays.copyOf(exemplars, exemplarInts * 2);
    }
    exemplars[exemplarInts++] = in.at;
    exemplars[exemplarInts++] = to;
    in.at = to;
  }

  private void bucket(int end) throws MalformedMessage {
    long count = 0;
    double floatCount = 0;
    double bound = 0;
    int exemplarFrom = 0;
    int exemplarTo = 0;
    while (in.at < end) {
      int tag = in.tag(end, BUCKET);
      switch (tag) {
        case 1 << 3 | ProtobufReader.VARINT -> count = in.varint(end, "a bucket's count");
        case 2 << 3 | ProtobufReader.FIXED64 -> bound = in.float64(end, "a bucket's bound");
        case 3 << 3 | ProtobufReader.LENGTH -> {
          exemplarTo = in.enter(end, "an exemplar");
          exemplarFrom = in.at;
          in.at = exemplarTo;
        }
        case 4 << 3 | ProtobufReader.FIXED64 -> floatCount = in.float64(end, "a bucket's count");
        default -> {
          if (tag >>> 3 <= 4) {
            throw in.wrongType(tag, BUCKET);
          }
          in.skip(tag, end, BUCKET);
        }
      }
    }
    classic.add(bound, floatCount > 0 ? floatCount : unsigned(count));
    if (2 * classic.size > bucketExemplars.length) {
      bucketExemplars = Arrays.copyOf(bucketExemplars, bucketExemplars.length * 2);
    }
    bucketExemplars[2 * classic.size - 2] = exemplarFrom;
    bucketExemplars[2 * classic.size - 1] = exemplarTo;
  }

  static double unsigned(long count) {
    return count >= 0 ? count : (count >>> 1 | count & 1) * 2.0;
  }
}
