// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.TimeRange;
import java.nio.charset.StandardCharsets;

/**
 * Reads a {@code prometheus.WriteRequest}, the message of remote write 1.0, into a batch: label
 * bytes are copied once, samples go through a reused buffer, and nothing is allocated per series or
 * sample. A series with bad labels and a sample with an impossible time are left out and reported;
 * the rest is kept. Stale markers and every other NaN keep their bits. Not thread-safe; reuse it.
 */
public final class RemoteWriteDecoder {

  private static final int TIMESERIES = 1 << 3 | ProtobufReader.LENGTH;
  private static final int METADATA = 3 << 3 | ProtobufReader.LENGTH;

  private static final int LABELS = 1 << 3 | ProtobufReader.LENGTH;
  private static final int SAMPLES = 2 << 3 | ProtobufReader.LENGTH;
  private static final int EXEMPLARS = 3 << 3 | ProtobufReader.LENGTH;
  private static final int HISTOGRAMS = 4 << 3 | ProtobufReader.LENGTH;

  private static final int LABEL_NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final int LABEL_VALUE = 2 << 3 | ProtobufReader.LENGTH;

  private static final int SAMPLE_VALUE = 1 << 3 | ProtobufReader.FIXED64;
  private static final int SAMPLE_TIME = 2 << 3 | ProtobufReader.VARINT;

  private static final int FAMILY_TYPE = 1 << 3 | ProtobufReader.VARINT;
  private static final int FAMILY_NAME = 2 << 3 | ProtobufReader.LENGTH;
  private static final int FAMILY_HELP = 4 << 3 | ProtobufReader.LENGTH;
  private static final int FAMILY_UNIT = 5 << 3 | ProtobufReader.LENGTH;

  /** In the order of the enum {@code MetricMetadata.MetricType}. */
  private static final String[] TYPES = {
    "unknown", "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"
  };

  private final ProtobufReader in = new ProtobufReader("remote write message");
  private final SeriesLabels labels = new SeriesLabels();
  private final SampleBuffer samples = new SampleBuffer();

  /**
   * Reads the first {@code length} bytes of {@code message}.
   *
   * @param nowMs the time metadata, which carries none, is taken to be said at
   * @param into gets what is good; after an exception it holds a part of the message and must not
   *     be used
   */
  public WriteReport decode(byte[] message, int length, long nowMs, SampleBatch into)
      throws MalformedMessage {
    in.reset(message, 0);
    WriteReport report = new WriteReport();
    while (in.at < length) {
      int tag = in.tag(length, "WriteRequest");
      switch (tag) {
        case TIMESERIES -> series(in.enter(length, "timeseries"), into, report);
        case METADATA -> metadata(in.enter(length, "metadata"), nowMs, into, report);
        default -> skipUnknown(tag, length, "WriteRequest", 1 << 1 | 1 << 3);
      }
    }
    return report;
  }

  private void series(int end, SampleBatch into, WriteReport report) throws MalformedMessage {
    labels.reset(in.bytes);
    samples.clear();
    while (in.at < end) {
      int tag = in.tag(end, "TimeSeries");
      switch (tag) {
        case LABELS -> label(in.enter(end, "labels"));
        case SAMPLES -> sample(in.enter(end, "samples"));
        case EXEMPLARS -> {
          in.at = in.enter(end, "exemplars");
          report.exemplars++;
        }
        case HISTOGRAMS -> {
          in.at = in.enter(end, "histograms");
          report.histograms++;
        }
        default -> skipUnknown(tag, end, "TimeSeries", 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4);
      }
    }
    String problem = labels.canonicalize();
    if (problem == null) {
      keep(into, report);
    } else {
      report.refusedSeries++;
      report.refusedSamples += samples.size;
      if (report.wantsReason()) {
        report.reason("series " + labels.shown() + ": " + problem);
      }
    }
  }

  private void keep(SampleBatch into, WriteReport report) {
    boolean begun = false;
    for (int i = 0; i < samples.size; i++) {
      long timeMs = samples.timesMs[i];
      if (!TimeRange.STORABLE.contains(timeMs)) {
        report.refusedSamples++;
        if (report.wantsReason()) {
          report.reason(
              "series "
                  + labels.shown()
                  + ": the timestamp "
                  + timeMs
                  + " is not in the years 1 to 9999; timestamps are milliseconds since 1970");
        }
        continue;
      }
      if (!begun) {
        into.series(labels.canonical, 0, labels.canonicalLength);
        report.series++;
        begun = true;
      }
      into.sample(timeMs, samples.values[i]);
      report.samples++;
    }
  }

  private void label(int end) throws MalformedMessage {
    int nameFrom = end;
    int nameTo = end;
    int valueFrom = end;
    int valueTo = end;
    while (in.at < end) {
      int tag = in.tag(end, "Label");
      switch (tag) {
        case LABEL_NAME -> {
          nameTo = in.enter(end, "a label's name");
          nameFrom = in.at;
          in.at = nameTo;
        }
        case LABEL_VALUE -> {
          valueTo = in.enter(end, "a label's value");
          valueFrom = in.at;
          in.at = valueTo;
        }
        default -> skipUnknown(tag, end, "Label", 1 << 1 | 1 << 2);
      }
    }
    labels.add(nameFrom, nameTo, valueFrom, valueTo);
  }

  private void sample(int end) throws MalformedMessage {
    double value = 0;
    long timeMs = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Sample");
      switch (tag) {
        case SAMPLE_VALUE -> value = Double.longBitsToDouble(in.fixed64(end, "a sample's value"));
        case SAMPLE_TIME -> timeMs = in.varint(end, "a sample's timestamp");
        default -> skipUnknown(tag, end, "Sample", 1 << 1 | 1 << 2);
      }
    }
    samples.add(timeMs, value);
  }

  private void metadata(int end, long nowMs, SampleBatch into, WriteReport report)
      throws MalformedMessage {
    long type = 0;
    String name = "";
    String help = "";
    String unit = "";
    boolean valid = true;
    while (in.at < end) {
      int tag = in.tag(end, "MetricMetadata");
      switch (tag) {
        case FAMILY_TYPE -> type = in.varint(end, "a metadata type");
        case FAMILY_NAME, FAMILY_HELP, FAMILY_UNIT -> {
          int to = in.enter(end, "a metadata text");
          valid &= Utf8Check.isValid(in.bytes, in.at, to - in.at);
          String text = new String(in.bytes, in.at, to - in.at, StandardCharsets.UTF_8);
          in.at = to;
          switch (tag) {
            case FAMILY_NAME -> name = text;
            case FAMILY_HELP -> help = text;
            default -> unit = text;
          }
        }
        default -> skipUnknown(tag, end, "MetricMetadata", 1 << 1 | 1 << 2 | 1 << 4 | 1 << 5);
      }
    }
    if (!valid || name.isEmpty()) {
      report.refusedMetadata++;
      report.reason(
          name.isEmpty()
              ? "metadata without metric_family_name"
              : "metadata of '" + name + "' is not valid UTF-8");
      return;
    }
    String known = type >= 0 && type < TYPES.length ? TYPES[(int) type] : TYPES[0];
    into.metadata(nowMs, name, new MetricMetadata(known, help, unit));
  }

  /**
   * Fields that later versions add are passed over; a known one that comes here has the wrong type.
   *
   * @param knownNumbers one bit per field number
   */
  private void skipUnknown(int tag, int end, String inside, int knownNumbers)
      throws MalformedMessage {
    int number = tag >>> 3;
    if (number < Integer.SIZE && (knownNumbers >>> number & 1) != 0) {
      throw in.wrongType(tag, inside);
    }
    in.skip(tag, end, inside);
  }
}
