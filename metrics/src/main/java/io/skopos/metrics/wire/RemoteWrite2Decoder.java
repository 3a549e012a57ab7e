// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;

/**
 * Reads an {@code io.prometheus.write.v2.Request}, the message of remote write 2.0, into a batch.
 * It is walked twice: once for the symbols, which all else refers to, then for the series. What is
 * bad is left out and reported as in {@link RemoteWriteDecoder}; nothing is allocated per series or
 * float sample. Not thread-safe; reuse it.
 */
public final class RemoteWrite2Decoder {

  private static final int SYMBOLS = 4 << 3 | ProtobufReader.LENGTH;
  private static final int TIMESERIES = 5 << 3 | ProtobufReader.LENGTH;

  private static final int SAMPLES = 2 << 3 | ProtobufReader.LENGTH;
  private static final int HISTOGRAMS = 3 << 3 | ProtobufReader.LENGTH;
  private static final int EXEMPLARS = 4 << 3 | ProtobufReader.LENGTH;
  private static final int METADATA = 5 << 3 | ProtobufReader.LENGTH;

  /** Of the series, in release candidates of the specification. */
  private static final int CREATED = 6 << 3 | ProtobufReader.VARINT;

  private final ProtobufReader in = new ProtobufReader("remote write 2.0 message");
  private final SymbolTable symbols = new SymbolTable();
  private final SeriesLabels labels = new SeriesLabels();
  private final SeriesLabels exemplarLabels = new SeriesLabels();
  private final HistogramDraft draft = new HistogramDraft();
  private final HistogramReader histogram = new HistogramReader(in, draft);
  private final SeriesPoints points = new SeriesPoints();
  private final LabelReferences references = new LabelReferences();
  private final LabelReferences exemplarReferences = new LabelReferences();

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
    labels.begin(in.bytes);
    exemplarLabels.begin(in.bytes);
    readSymbols(length);
    in.reset(message, 0);
    WriteReport report = new WriteReport();
    while (in.at < length) {
      int tag = in.tag(length, "Request");
      if (tag == TIMESERIES) {
        series(in.enter(length, "timeseries"), nowMs, into, report);
      } else {
        in.skip(tag, length, "Request");
      }
    }
    return report;
  }

  private void readSymbols(int end) throws MalformedMessage {
    symbols.reset(in.bytes);
    while (in.at < end) {
      int tag = in.tag(end, "Request");
      switch (tag) {
        case SYMBOLS -> {
          int to = in.enter(end, "a symbol");
          symbols.add(in.at, to);
          in.at = to;
        }
        case TIMESERIES -> in.at = in.enter(end, "timeseries");
        default -> skipUnknown(tag, end, "Request", 1 << 4 | 1 << 5);
      }
    }
    if (symbols.size() > 0 && !symbols.isEmpty(0)) {
      throw in.malformed("the first symbol must be empty, it is '" + symbols.text(0) + "'");
    }
  }

  private void series(int end, long nowMs, SampleBatch into, WriteReport report)
      throws MalformedMessage {
    labels.reset();
    points.clear();
    references.clear();
    long createdMs = 0;
    int metadataFrom = 0;
    int metadataTo = 0;
    while (in.at < end) {
      int tag = in.tag(end, "TimeSeries");
      switch (tag) {
        case 1 << 3, 1 << 3 | ProtobufReader.LENGTH -> references.read(in, tag, end);
        case SAMPLES -> sample(in.enter(end, "samples"));
        case HISTOGRAMS -> {
          histogram.read(in.enter(end, "histograms"));
          points.histogram(histogram.timeMs(), draft, histogram.startMs());
        }
        case EXEMPLARS -> exemplar(in.enter(end, "exemplars"));
        case METADATA -> {
          metadataTo = in.enter(end, "metadata");
          metadataFrom = in.at;
          in.at = metadataTo;
        }
        case CREATED -> createdMs = in.varint(end, "a created timestamp");
        default -> skipUnknown(tag, end, "TimeSeries", 0x7e);
      }
    }
    String problem = references.resolve(symbols, labels);
    if (problem == null) {
      problem = labels.canonicalize();
    }
    if (problem == null) {
      points.keep(labels, createdMs, into, report);
    } else {
      points.refuse(labels, problem, report);
    }
    if (metadataTo > 0) {
      int after = in.at;
      in.at = metadataFrom;
      metadata(metadataTo, problem == null, nowMs, into, report);
      in.at = after;
    }
  }

  private void sample(int end) throws MalformedMessage {
    double value = 0;
    long timeMs = 0;
    long startMs = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Sample");
      switch (tag) {
        case 1 << 3 | ProtobufReader.FIXED64 -> value = in.float64(end, "a sample's value");
        case 2 << 3 -> timeMs = in.varint(end, "a sample's timestamp");
        case 3 << 3 -> startMs = in.varint(end, "a sample's start timestamp");
        default -> skipUnknown(tag, end, "Sample", 1 << 1 | 1 << 2 | 1 << 3);
      }
    }
    points.sample(timeMs, value, startMs);
  }

  private void exemplar(int end) throws MalformedMessage {
    exemplarReferences.clear();
    exemplarLabels.reset();
    double value = 0;
    long timeMs = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Exemplar");
      switch (tag) {
        case 1 << 3, 1 << 3 | ProtobufReader.LENGTH -> exemplarReferences.read(in, tag, end);
        case 2 << 3 | ProtobufReader.FIXED64 -> value = in.float64(end, "an exemplar's value");
        case 3 << 3 -> timeMs = in.varint(end, "an exemplar's timestamp");
        default -> skipUnknown(tag, end, "Exemplar", 1 << 1 | 1 << 2 | 1 << 3);
      }
    }
    String problem = exemplarReferences.resolve(symbols, exemplarLabels);
    if (problem == null) {
      problem = exemplarLabels.canonicalizeNameless();
    }
    if (problem == null) {
      points.exemplar(exemplarLabels.copy(), value, timeMs);
    } else {
      points.badExemplar(problem);
    }
  }

  private void metadata(
      int end, boolean seriesIsGood, long nowMs, SampleBatch into, WriteReport report)
      throws MalformedMessage {
    long type = 0;
    long help = 0;
    long unit = 0;
    while (in.at < end) {
      int tag = in.tag(end, "Metadata");
      switch (tag) {
        case 1 << 3 -> type = in.varint(end, "a metadata type");
        case 3 << 3 -> help = in.varint(end, "a help's reference");
        case 4 << 3 -> unit = in.varint(end, "a unit's reference");
        default -> skipUnknown(tag, end, "Metadata", 1 << 1 | 1 << 3 | 1 << 4);
      }
    }
    if (!seriesIsGood) {
      report.refusedMetadata++;
      return;
    }
    int name = references.value(labels.nameIndex());
    if (!symbols.has(help) || !symbols.has(unit)) {
      report.refusedMetadata++;
      report.reason(
          "metadata of '"
              + symbols.text(name)
              + "' refers to symbol "
              + Long.toUnsignedString(symbols.has(help) ? unit : help)
              + ", there are "
              + symbols.size());
      return;
    }
    boolean saysNothing = type == 0 && symbols.isEmpty((int) help) && symbols.isEmpty((int) unit);
    if (saysNothing || !symbols.tell(name, (int) type, (int) help, (int) unit)) {
      return;
    }
    if (!symbols.isUtf8((int) help) || !symbols.isUtf8((int) unit)) {
      report.refusedMetadata++;
      report.reason("metadata of '" + symbols.text(name) + "' is not valid UTF-8");
      return;
    }
    String typeName = FamilyTypes.name(type);
    into.metadata(
        nowMs,
        FamilyTypes.family(symbols.text(name), typeName),
        new MetricMetadata(typeName, symbols.text((int) help), symbols.text((int) unit)));
  }

  private void skipUnknown(int tag, int end, String inside, int knownNumbers)
      throws MalformedMessage {
    int number = tag >>> 3;
    if (number < Integer.SIZE && (knownNumbers >>> number & 1) != 0) {
      throw in.wrongType(tag, inside);
    }
    in.skip(tag, end, inside);
  }
}
