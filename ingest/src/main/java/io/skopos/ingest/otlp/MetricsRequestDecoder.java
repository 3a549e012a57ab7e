// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code ExportMetricsServiceRequest} into a batch, in place. Fields of a message may come
 * in any order, so each message is first looked through for the places of its parts. Reused from
 * request to request; not thread-safe.
 */
final class MetricsRequestDecoder {

  private static final int RESOURCE_METRICS = 1 << 3 | ProtobufReader.LENGTH;
  private static final int RESOURCE = 1 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_METRICS = 2 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE = 1 << 3 | ProtobufReader.LENGTH;
  private static final int METRICS = 2 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_SCHEMA_URL = 3 << 3 | ProtobufReader.LENGTH;

  private static final int NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final int DESCRIPTION = 2 << 3 | ProtobufReader.LENGTH;
  private static final int UNIT = 3 << 3 | ProtobufReader.LENGTH;
  private static final int GAUGE = 5;
  private static final int SUM = 7;
  private static final int HISTOGRAM = 9;
  private static final int EXPONENTIAL_HISTOGRAM = 10;
  private static final int SUMMARY = 11;

  private static final int DATA_POINTS = 1 << 3 | ProtobufReader.LENGTH;
  private static final int TEMPORALITY = 2 << 3 | ProtobufReader.VARINT;
  private static final int MONOTONIC = 3 << 3 | ProtobufReader.VARINT;
  private static final int DELTA = 1;
  private static final int CUMULATIVE = 2;

  private static final byte[] TARGET_INFO = "target_info".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] METRIC_NAME = "__name__".getBytes(StandardCharsets.US_ASCII);

  /** Half the look-back, so that target_info is found at every time between the points. */
  private static final long TARGET_INFO_STEP_MS = 150_000;

  /** A day of steps, and more; a resource whose points span more time gets wider ones. */
  private static final int MAX_TARGET_INFO_SAMPLES = 1000;

  private final ProtobufReader in = new ProtobufReader("OTLP metrics message");
  private final LabelBuffer labels = new LabelBuffer();
  private final SampleBatch batch = new SampleBatch();
  private final MetricNaming naming;
  private final ResourceLabels resource;
  private final PointSink sink;
  private final PointReader numbers;
  private final PointReader histograms;
  private final PointReader exponentials;
  private final PointReader summaries;
  private final Ranges scopes = new Ranges();
  private final Ranges metrics = new Ranges();
  private final Ranges points = new Ranges();
  private final Map<String, MetricMetadata> metadata = new LinkedHashMap<>();
  private OtlpReport report = new OtlpReport(OtlpReport.Kind.DATA_POINTS);

  MetricsRequestDecoder(OtlpSettings settings) {
    LabelNaming labelNaming = new LabelNaming(settings);
    Attributes attributes = new Attributes(in, labelNaming);
    // Exemplars' labels keep their names.
    Attributes plain = new Attributes(in, new LabelNaming(withoutTranslation(settings)));
    ExemplarReader exemplars = new ExemplarReader(in, plain);
    naming = new MetricNaming(settings.translationStrategy());
    resource = new ResourceLabels(in, attributes, settings);
    sink = new PointSink(labels, attributes, batch);
    numbers = new NumberPoint(in, sink, exemplars);
    histograms = new HistogramPoint(in, sink, exemplars, settings.convertHistogramsToNhcb());
    exponentials = new ExponentialPoint(in, sink, exemplars);
    summaries = new SummaryPoint(in, sink);
  }

  private static OtlpSettings withoutTranslation(OtlpSettings settings) {
    return new OtlpSettings(
        TranslationStrategy.NO_TRANSLATION,
        settings.promoteResourceAttributes(),
        settings.promoteAllResourceAttributes(),
        settings.ignoreResourceAttributes(),
        settings.keepIdentifyingResourceAttributes(),
        settings.convertHistogramsToNhcb(),
        settings.promoteScopeMetadata(),
        settings.labelNameUnderscoreSanitization(),
        settings.labelNamePreserveMultipleUnderscores());
  }

  /** What the last request held; to be cleared before the next. */
  SampleBatch batch() {
    return batch;
  }

  /**
   * Adds the request's points to the batch.
   *
   * @param nowMs the time metadata, which carries none, is taken to be said at
   */
  OtlpReport decode(byte[] message, int length, long nowMs) throws MalformedMessage {
    report = new OtlpReport(OtlpReport.Kind.DATA_POINTS);
    metadata.clear();
    in.reset(message, 0);
    while (in.at < length) {
      int tag = in.tag(length, "the request");
      if (tag == RESOURCE_METRICS) {
        int end = in.enter(length, "ResourceMetrics");
        resourceMetrics(end);
        in.at = end;
      } else {
        in.skip(tag, length, "the request");
      }
    }
    metadata.forEach((name, known) -> batch.metadata(nowMs, name, known));
    return report;
  }

  private void resourceMetrics(int end) throws MalformedMessage {
    int resourceFrom = end;
    int resourceTo = end;
    scopes.clear();
    while (in.at < end) {
      int tag = in.tag(end, "ResourceMetrics");
      switch (tag) {
        case RESOURCE -> {
          resourceTo = in.enter(end, "a resource");
          resourceFrom = in.at;
          in.at = resourceTo;
        }
        case SCOPE_METRICS -> PointReader.range(in, end, scopes);
        default -> in.skip(tag, end, "ResourceMetrics");
      }
    }
    resource.read(resourceFrom, resourceTo);
    sink.beginResource();
    for (int i = 0; i < scopes.size(); i++) {
      scopeMetrics(scopes.from(i), scopes.to(i));
    }
    targetInfo();
  }

  private void scopeMetrics(int from, int end) throws MalformedMessage {
    int scopeFrom = end;
    int scopeTo = end;
    int schemaFrom = end;
    int schemaTo = end;
    metrics.clear();
    in.at = from;
    while (in.at < end) {
      int tag = in.tag(end, "ScopeMetrics");
      switch (tag) {
        case SCOPE -> {
          scopeTo = in.enter(end, "a scope");
          scopeFrom = in.at;
          in.at = scopeTo;
        }
        case METRICS -> PointReader.range(in, end, metrics);
        case SCOPE_SCHEMA_URL -> {
          schemaTo = in.enter(end, "a schema_url");
          schemaFrom = in.at;
          in.at = schemaTo;
        }
        default -> in.skip(tag, end, "ScopeMetrics");
      }
    }
    labels.clear();
    resource.addTo(labels);
    resource.addScope(labels, scopeFrom, scopeTo, schemaFrom, schemaTo);
    sink.shareLabels();
    for (int i = 0; i < metrics.size(); i++) {
      metric(metrics.from(i), metrics.to(i));
    }
  }

  private void metric(int from, int end) throws MalformedMessage {
    String name = "";
    String description = "";
    String unit = "";
    boolean validName = true;
    int data = 0;
    int dataFrom = end;
    int dataTo = end;
    in.at = from;
    while (in.at < end) {
      int tag = in.tag(end, "Metric");
      if ((tag & 7) != ProtobufReader.LENGTH) {
        in.skip(tag, end, "Metric");
        continue;
      }
      int to = in.enter(end, "a field of Metric");
      switch (tag) {
        case NAME -> {
          validName = Utf8Check.isValid(in.bytes, in.at, to - in.at);
          name = text(to);
        }
        case DESCRIPTION -> description = text(to);
        case UNIT -> unit = text(to);
        default -> {
          switch (tag >>> 3) {
            case GAUGE, SUM, HISTOGRAM, EXPONENTIAL_HISTOGRAM, SUMMARY -> {
              data = tag >>> 3;
              dataFrom = in.at;
              dataTo = to;
            }
            default -> {}
          }
        }
      }
      in.at = to;
    }
    data(data, dataFrom, dataTo, validName ? name : null, description, unit);
  }

  private String text(int to) {
    return new String(in.bytes, in.at, to - in.at, StandardCharsets.UTF_8);
  }

  private void data(
      int data, int from, int end, @Nullable String name, String description, String unit)
      throws MalformedMessage {
    points.clear();
    long temporality = 0;
    boolean monotonic = false;
    in.at = from;
    while (in.at < end) {
      int tag = in.tag(end, "a metric's data");
      switch (tag) {
        case DATA_POINTS -> PointReader.range(in, end, points);
        case TEMPORALITY -> temporality = in.varint(end, "aggregation_temporality");
        case MONOTONIC -> monotonic = in.varint(end, "is_monotonic") != 0;
        default -> in.skip(tag, end, "a metric's data");
      }
    }
    if (points.size() == 0) {
      return;
    }
    if (name == null) {
      reject(Rejection.LABELS, "a metric's name is not valid UTF-8");
      return;
    }
    boolean accumulated = data == SUM || data == HISTOGRAM || data == EXPONENTIAL_HISTOGRAM;
    if (accumulated && temporality != DELTA && temporality != CUMULATIVE) {
      reject(
          Rejection.UNSUPPORTED,
          "the metric '" + name + "' has no aggregation_temporality (delta or cumulative)");
      return;
    }
    MetricNaming.Kind kind =
        data == SUM && monotonic
            ? MetricNaming.Kind.COUNTER
            : data == GAUGE ? MetricNaming.Kind.GAUGE : MetricNaming.Kind.OTHER;
    String translated = naming.translate(name, unit, kind);
    if (translated == null) {
      reject(Rejection.LABELS, "nothing is left of the metric's name '" + name + "'");
      return;
    }
    MetricFields fields = MetricFields.of(translated, accumulated && temporality == DELTA);
    int kept = read(data, fields, name);
    if (kept > 0) {
      metadata.put(
          translated,
          new MetricMetadata(type(data, monotonic), description, MetricNaming.unitWord(unit)));
    }
  }

  private int read(int data, MetricFields fields, String name) throws MalformedMessage {
    PointReader reader =
        switch (data) {
          case HISTOGRAM -> histograms;
          case EXPONENTIAL_HISTOGRAM -> exponentials;
          case SUMMARY -> summaries;
          default -> numbers;
        };
    int kept = 0;
    for (int i = 0; i < points.size(); i++) {
      try {
        reader.read(points.from(i), points.to(i), fields);
        report.accepted();
        kept++;
      } catch (PointRejected e) {
        report.rejected(
            e.kind(), 1, "a point of '" + name + "' " + sink.shown() + ": " + e.getMessage());
      }
    }
    return kept;
  }

  private void reject(Rejection kind, String reason) {
    report.rejected(kind, points.size(), reason);
  }

  private static String type(int data, boolean monotonic) {
    return switch (data) {
      case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> "histogram";
      case SUMMARY -> "summary";
      case SUM -> monotonic ? "counter" : "gauge";
      default -> "gauge";
    };
  }

  /** As Prometheus writes it: over the time of the resource's points. */
  private void targetInfo() throws MalformedMessage {
    if (sink.minTimeMs() > sink.maxTimeMs() || !resource.targetInfo(labels)) {
      return;
    }
    labels.add(PointSink.TARGET + 1, METRIC_NAME, TARGET_INFO);
    if (labels.canonicalize() != null) {
      // A resource whose attributes are no labels still has its points.
      return;
    }
    batch.series(labels.canonical(), 0, labels.canonicalLength());
    long span = sink.maxTimeMs() - sink.minTimeMs();
    long step = Math.max(TARGET_INFO_STEP_MS, span / MAX_TARGET_INFO_SAMPLES + 1);
    for (long time = sink.minTimeMs(); time < sink.maxTimeMs(); time += step) {
      batch.sample(time, 1);
    }
    batch.sample(sink.maxTimeMs(), 1);
    metadata.putIfAbsent("target_info", new MetricMetadata("info", "Target metadata", ""));
  }
}
