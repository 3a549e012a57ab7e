// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.model.histogram.Buckets;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.util.Arrays;

/** The buckets of one side of a {@link HistogramDraft}: spans, and deltas or absolute counts. */
public final class BucketDraft {

  private static final String HISTOGRAM = "Histogram";
  private static final String SPAN = "BucketSpan";

  private final String side;
  private int[] spans = new int[16];
  private int spanInts;
  private long[] deltas = new long[32];
  private int deltaCount;
  private double[] counts = new double[32];
  private int countCount;

  /** What {@link #check} found. */
  private long total;

  private long lastIndex;

  BucketDraft(String side) {
    this.side = side;
  }

  void reset() {
    spanInts = 0;
    deltaCount = 0;
    countCount = 0;
  }

  /** Reads a {@code BucketSpan}, which all of Prometheus' messages write alike. */
  public void readSpan(ProtobufReader in, int tag, int end) throws MalformedMessage {
    if ((tag & 7) != ProtobufReader.LENGTH) {
      throw in.wrongType(tag, HISTOGRAM);
    }
    int to = in.enter(end, "a histogram's span");
    long offset = 0;
    long length = 0;
    while (in.at < to) {
      int field = in.tag(to, SPAN);
      switch (field) {
        case 1 << 3 -> offset = in.zigzag(to, "a span's offset");
        case 2 << 3 -> length = in.varint(to, "a span's length");
        default -> {
          if (field >>> 3 <= 2) {
            throw in.wrongType(field, SPAN);
          }
          in.skip(field, to, SPAN);
        }
      }
    }
    span((int) offset, (int) length);
  }

  /** Reads a repeated {@code sint64}, packed, or one value of it. */
  public void readDeltas(ProtobufReader in, int tag, int end) throws MalformedMessage {
    switch (tag & 7) {
      case ProtobufReader.VARINT -> delta(in.zigzag(end, "a bucket's count"));
      case ProtobufReader.LENGTH -> {
        int to = in.enter(end, "buckets' counts");
        while (in.at < to) {
          delta(in.zigzag(to, "a bucket's count"));
        }
      }
      default -> throw in.wrongType(tag, HISTOGRAM);
    }
  }

  /** Reads a repeated {@code double}, packed, or one value of it. */
  public void readCounts(ProtobufReader in, int tag, int end) throws MalformedMessage {
    switch (tag & 7) {
      case ProtobufReader.FIXED64 -> count(in.float64(end, "a bucket's count"));
      case ProtobufReader.LENGTH -> {
        int to = in.enter(end, "buckets' counts");
        while (in.at < to) {
          count(in.float64(to, "a bucket's count"));
        }
      }
      default -> throw in.wrongType(tag, HISTOGRAM);
    }
  }

  /** One with no length at all marks a histogram as native and says nothing else. */
  public void span(int offset, int length) {
    if (spanInts == spans.length) {
      spans = Arrays.copyOf(spans, spanInts * 2);
    }
    spans[spanInts++] = offset;
    spans[spanInts++] = length;
  }

  /** The difference of the next bucket's count to that of the one before, of an integer one. */
  public void delta(long delta) {
    if (deltaCount == deltas.length) {
      deltas = Arrays.copyOf(deltas, deltaCount * 2);
    }
    deltas[deltaCount++] = delta;
  }

  /** The next bucket's count, of a float histogram. */
  public void count(double count) {
    if (countCount == counts.length) {
      counts = Arrays.copyOf(counts, countCount * 2);
    }
    counts[countCount++] = count;
  }

  public boolean hasSpans() {
    return spanInts > 0;
  }

  boolean isEmpty() {
    return spanInts == 0 && deltaCount == 0 && countCount == 0;
  }

  int firstOffset() {
    return spanInts == 0 ? 0 : spans[0];
  }

  /** Observations in the buckets of an integer histogram; after {@link #check}. */
  long total() {
    return total;
  }

  /** The index of the last bucket, -1 without any; after {@link #check}. */
  long lastIndex() {
    return lastIndex;
  }

  /** What is wrong; empty when nothing is. */
  String check(boolean floating) {
    int buckets = floating ? countCount : deltaCount;
    long room = 0;
    long index = 0;
    lastIndex = -1;
    for (int i = 0; i < spanInts; i += 2) {
      if (i > 0 && spans[i] < 0) {
        return "its " + side + " span " + i / 2 + " has the negative offset " + spans[i];
      }
      long length = spans[i + 1] & 0xffff_ffffL;
      index += spans[i] + length;
      room += length;
      lastIndex = length > 0 ? index - 1 : lastIndex;
    }
    if (room != buckets) {
      return "its " + side + " spans have room for " + room + " buckets, there are " + buckets;
    }
    if (index != (int) index) {
      return "its " + side + " spans reach bucket " + index + ", which no float falls into";
    }
    return floating ? checkFloats() : checkDeltas();
  }

  private String checkFloats() {
    for (int i = 0; i < countCount; i++) {
      if (!(counts[i] >= 0)) {
        return "its " + side + " bucket " + i + " has the count " + counts[i];
      }
    }
    return "";
  }

  private String checkDeltas() {
    total = 0;
    long count = 0;
    for (int i = 0; i < deltaCount; i++) {
      count += deltas[i];
      if (count < 0) {
        return "its " + side + " bucket " + i + " has the count " + count;
      }
      total += count;
      if (total < 0) {
        return "its " + side + " buckets hold more than 2^63 observations";
      }
    }
    return "";
  }

  /**
   * @param coarser by how many schemas to reduce the resolution; each joins two buckets into one
   */
  Buckets build(boolean floating, int coarser) {
    int size = floating ? countCount : deltaCount;
    if (size == 0) {
      return Buckets.NONE;
    }
    double[] absolute = floating ? Arrays.copyOf(counts, size) : new double[size];
    long count = 0;
    for (int i = 0; !floating && i < size; i++) {
      count += deltas[i];
      absolute[i] = count;
    }
    return coarser == 0
        ? new Buckets(Arrays.copyOf(spans, spanInts), absolute)
        : reduced(absolute, coarser);
  }

  private Buckets reduced(double[] absolute, int coarser) {
    int shift = Math.min(coarser, 31);
    int[] joinedSpans = new int[2 * absolute.length];
    double[] joined = new double[absolute.length];
    int spanAt = -2;
    int size = 0;
    int next = 0;
    int last = 0;
    int index = 0;
    for (int i = 0; i < spanInts; i += 2) {
      index += spans[i];
      for (int j = 0; j < spans[i + 1]; j++, index++) {
        // Bucket i ends at base^i, so it lies in the coarser one that ends at or behind it.
        int target = (index - 1 >> shift) + 1;
        if (size > 0 && target == last) {
          joined[size - 1] += absolute[next++];
          continue;
        }
        if (size == 0 || target != last + 1) {
          spanAt += 2;
          joinedSpans[spanAt] = size == 0 ? target : target - last - 1;
        }
        joinedSpans[spanAt + 1]++;
        joined[size++] = absolute[next++];
        last = target;
      }
    }
    return new Buckets(Arrays.copyOf(joinedSpans, spanAt + 2), Arrays.copyOf(joined, size));
  }
}
