// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;

/**
 * Reads a {@code prometheus.WriteRequest}, the message of remote write 1.0, into a batch: label
 * bytes are copied once, samples go through reused buffers, and nothing is allocated per series or
 * float sample. A series with bad labels, a sample with an impossible time, a histogram or exemplar
 * that is none are left out and reported; the rest is kept. Stale markers and every other NaN keep
 * their bits. Not thread-safe; reuse it.
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

  private static final int EXEMPLAR_VALUE = 2 << 3 | ProtobufReader.FIXED64;
  private static final int EXEMPLAR_TIME = 3 << 3 | ProtobufReader.VARINT;

  private static final int FAMILY_TYPE = 1 << 3 | ProtobufReader.VARINT;
  private static final int FAMILY_NAME = 2 << 3 | ProtobufReader.LENGTH;
  private static final int FAMILY_HELP = 4 << 3 | ProtobufReader.LENGTH;
  private static final int FAMILY_UNIT = 5 << 3 | ProtobufReader.LENGTH;

  private final ProtobufReader in = new ProtobufReader("remote write message");
  private final SeriesLabels labels = new SeriesLabels();
  private final SeriesLabels exemplarLabels = new SeriesLabels();
  private final HistogramDraft draft = new HistogramDraft();
  private final HistogramReader histogram = new HistogramReader(in, draft);
  private final SeriesPoints points = new SeriesPoints();

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
    labels.begin(message);
    exemplarLabels.begin(message);
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
    labels.reset();
    points.clear();
    in.at = labels.takeRegular(in.at, end);
    while (in.at < end) {
      int tag = in.tag(end, "TimeSeries");
      switch (tag) {
        case LABELS -> label(in.enter(end, "labels"), labels);
        case SAMPLES -> sample(in.enter(end, "samples"));
        case EXEMPLARS -> exemplar(in.enter(end, "exemplars"));
        case HISTOGRAMS -> {
          histogram.read(in.enter(end, "histograms"));
          points.histogram(histogram.timeMs(), draft, histogram.startMs());
        }
        default -> skipUnknown(tag, end, "TimeSeries", 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4);
      }
    }
    String problem = labels.canonicalize();
    if (problem == null) {
      points.keep(labels, 0, into, report);
    } else {
      points.refuse(labels, problem, report);
    }
  }

  private void exemplar(int end) throws MalformedMessage {
    exemplarLabels.reset();
    double value = 0;
    long timeMs = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Exemplar");
      switch (tag) {
        case LABELS -> label(in.enter(end, "labels"), exemplarLabels);
        case EXEMPLAR_VALUE -> value = in.float64(end, "an exemplar's value");
        case EXEMPLAR_TIME -> timeMs = in.varint(end, "an exemplar's timestamp");
        default -> skipUnknown(tag, end, "Exemplar", 1 << 1 | 1 << 2 | 1 << 3);
      }
    }
    String problem = exemplarLabels.canonicalizeNameless();
    if (problem == null) {
      points.exemplar(exemplarLabels.copy(), value, timeMs);
    } else {
      points.badExemplar(problem);
    }
  }

  private void label(int end, SeriesLabels into) throws MalformedMessage {
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
    into.add(nameFrom, nameTo, valueFrom, valueTo);
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
    points.sample(timeMs, value, 0);
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
    into.metadata(nowMs, name, new MetricMetadata(FamilyTypes.name(type), help, unit));
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
