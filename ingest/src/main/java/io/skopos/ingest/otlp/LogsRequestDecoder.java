// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discovery;
import io.skopos.logs.wire.MetadataBuffer;
import io.skopos.logs.wire.Streams;
import io.skopos.model.CanonicalLength;
import io.skopos.model.Labels;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code ExportLogsServiceRequest} into a batch, in place: attributes of the resource that
 * are configured so become labels of a stream; all others, those of scope and record, severity and
 * ids become structured metadata; the body is the line. Reused from request to request; not
 * thread-safe.
 */
final class LogsRequestDecoder {

  private static final int RESOURCE_LOGS = 1 << 3 | ProtobufReader.LENGTH;
  private static final int RESOURCE = 1 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_LOGS = 2 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE = 1 << 3 | ProtobufReader.LENGTH;
  private static final int RECORDS = 2 << 3 | ProtobufReader.LENGTH;

  private static final int RESOURCE_ATTRIBUTES = 1 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_VERSION = 2 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_ATTRIBUTES = 3 << 3 | ProtobufReader.LENGTH;
  private static final int SCOPE_DROPPED = 4 << 3 | ProtobufReader.VARINT;

  private static final int TIME = 1 << 3 | ProtobufReader.FIXED64;
  private static final int SEVERITY_NUMBER = 2 << 3 | ProtobufReader.VARINT;
  private static final int SEVERITY_TEXT = 3 << 3 | ProtobufReader.LENGTH;
  private static final int BODY = 5 << 3 | ProtobufReader.LENGTH;
  private static final int ATTRIBUTES = 6 << 3 | ProtobufReader.LENGTH;
  private static final int DROPPED = 7 << 3 | ProtobufReader.VARINT;
  private static final int FLAGS = 8 << 3 | ProtobufReader.FIXED32;
  private static final int TRACE_ID = 9 << 3 | ProtobufReader.LENGTH;
  private static final int SPAN_ID = 10 << 3 | ProtobufReader.LENGTH;
  private static final int OBSERVED_TIME = 11 << 3 | ProtobufReader.FIXED64;
  private static final int EVENT_NAME = 12 << 3 | ProtobufReader.LENGTH;

  private static final int STRING_VALUE = 1 << 3 | ProtobufReader.LENGTH;

  private final ProtobufReader in = new ProtobufReader("OTLP logs message");
  private final AttributeText text = new AttributeText(in);
  private final AttributeMetadata attributes = new AttributeMetadata(in, text);
  private final MetadataBuffer labels = new MetadataBuffer();
  private final MetadataBuffer metadata = new MetadataBuffer();
  private final LabelBuffer line = new LabelBuffer(true);
  private final LogBatch batch = new LogBatch();
  private final Ranges scopes = new Ranges();
  private final Ranges records = new Ranges();
  private OtlpReport report = new OtlpReport(OtlpReport.Kind.LOG_RECORDS);

  // Of the resource whose records are read.
  private @Nullable String problem;
  private @Nullable String streamLevel;
  private int stream;

  /** What the last request held; to be cleared before the next. */
  LogBatch batch() {
    return batch;
  }

  /**
   * Adds the request's records to the batch.
   *
   * @param nowNs the time of records that have none
   */
  OtlpReport decode(byte[] message, int length, Discovery discovery, long nowNs)
      throws MalformedMessage {
    report = new OtlpReport(OtlpReport.Kind.LOG_RECORDS);
    attributes.use(discovery.config());
    in.reset(message, 0);
    while (in.at < length) {
      int tag = in.tag(length, "the request");
      if (tag == RESOURCE_LOGS) {
        int end = in.enter(length, "ResourceLogs");
        resourceLogs(end, discovery, nowNs);
        in.at = end;
      } else {
        in.skip(tag, length, "the request");
      }
    }
    return report;
  }

  private void resourceLogs(int end, Discovery discovery, long nowNs) throws MalformedMessage {
    int resourceFrom = end;
    int resourceTo = end;
    scopes.clear();
    while (in.at < end) {
      int tag = in.tag(end, "ResourceLogs");
      switch (tag) {
        case RESOURCE -> {
          resourceTo = in.enter(end, "a resource");
          resourceFrom = in.at;
          in.at = resourceTo;
        }
        case SCOPE_LOGS -> PointReader.range(in, end, scopes);
        default -> in.skip(tag, end, "ResourceLogs");
      }
    }
    resource(resourceFrom, resourceTo, discovery);
    long ofResource = metadata.mark();
    for (int i = 0; i < scopes.size(); i++) {
      metadata.rewind(ofResource);
      scopeLogs(scopes.from(i), scopes.to(i), discovery, nowNs);
    }
  }

  private void resource(int from, int to, Discovery discovery) throws MalformedMessage {
    labels.clear();
    metadata.clear();
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "Resource");
      if (tag == RESOURCE_ATTRIBUTES) {
        int end = in.enter(to, "a resource's attribute");
        attributes.addOfResource(in.at, end, labels, metadata);
        in.at = end;
      } else {
        in.skip(tag, to, "Resource");
      }
    }
    Labels built = labels.build();
    problem = built == null ? "an attribute of the resource is not valid UTF-8" : null;
    Labels found = built == null ? Labels.EMPTY : discovery.withServiceName(withoutEmpty(built));
    if (problem == null && found.isEmpty()) {
      problem = Streams.NO_LABELS;
    }
    streamLevel = discovery.levels() ? discovery.levelOf(found) : null;
    stream = problem == null ? batch.stream(found) : -1;
  }

  /** An empty value is no label of a stream. */
  private static Labels withoutEmpty(Labels labels) {
    byte[] bytes = labels.canonicalBytes();
    int at = 0;
    while (at < bytes.length) {
      int name = CanonicalLength.read(bytes, at);
      int valueAt = at + CanonicalLength.bytes(name) + name;
      int value = CanonicalLength.read(bytes, valueAt);
      if (value == 0) {
        return Labels.of(labels.toMap());
      }
      at = valueAt + CanonicalLength.bytes(value) + value;
    }
    return labels;
  }

  private void scopeLogs(int from, int end, Discovery discovery, long nowNs)
      throws MalformedMessage {
    int scopeFrom = end;
    int scopeTo = end;
    records.clear();
    in.at = from;
    while (in.at < end) {
      int tag = in.tag(end, "ScopeLogs");
      switch (tag) {
        case SCOPE -> {
          scopeTo = in.enter(end, "a scope");
          scopeFrom = in.at;
          in.at = scopeTo;
        }
        case RECORDS -> PointReader.range(in, end, records);
        default -> in.skip(tag, end, "ScopeLogs");
      }
    }
    String wrong = problem;
    if (wrong != null) {
      report.rejected(Rejection.LABELS, records.size(), wrong);
      return;
    }
    scope(scopeFrom, scopeTo);
    long shared = metadata.mark();
    for (int i = 0; i < records.size(); i++) {
      metadata.rewind(shared);
      record(records.from(i), records.to(i), discovery, nowNs);
    }
  }

  private void scope(int from, int to) throws MalformedMessage {
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "InstrumentationScope");
      switch (tag) {
        case SCOPE_NAME -> text("scope_name", to);
        case SCOPE_VERSION -> text("scope_version", to);
        case SCOPE_ATTRIBUTES -> {
          int end = in.enter(to, "a scope's attribute");
          attributes.add(in.at, end, metadata);
          in.at = end;
        }
        case SCOPE_DROPPED -> count("scope_dropped_attributes_count", in.varint(to, "a count"));
        default -> in.skip(tag, to, "InstrumentationScope");
      }
    }
  }

  private void record(int from, int to, Discovery discovery, long nowNs) throws MalformedMessage {
    long time = 0;
    long observed = 0;
    int bodyFrom = to;
    int bodyTo = to;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "LogRecord");
      switch (tag) {
        case TIME -> time = in.fixed64(to, "time_unix_nano");
        case OBSERVED_TIME -> observed = in.fixed64(to, "observed_time_unix_nano");
        case SEVERITY_NUMBER -> count("severity_number", in.varint(to, "severity_number"));
        case SEVERITY_TEXT -> text("severity_text", to);
        case EVENT_NAME -> text("event_name", to);
        case BODY -> {
          bodyTo = in.enter(to, "a body");
          bodyFrom = in.at;
          in.at = bodyTo;
        }
        case ATTRIBUTES -> {
          int end = in.enter(to, "an attribute");
          attributes.add(in.at, end, metadata);
          in.at = end;
        }
        case DROPPED -> count("dropped_attributes_count", in.varint(to, "a count"));
        case FLAGS -> {
          int at = in.at;
          in.skip(tag, to, "LogRecord");
          count("flags", littleEndian(at));
        }
        case TRACE_ID -> id("trace_id", to);
        case SPAN_ID -> id("span_id", to);
        default -> in.skip(tag, to, "LogRecord");
      }
    }
    if (time != 0 && observed != 0) {
      count("observed_timestamp", observed);
    }
    long timeNs = time != 0 ? time : observed != 0 ? observed : nowNs;
    if (timeNs < 0) {
      report.rejected(
          Rejection.TIME,
          1,
          "a record's time is after the year 2262: " + Long.toUnsignedString(timeNs));
      return;
    }
    add(timeNs, bodyFrom, bodyTo, discovery);
  }

  private void add(long timeNs, int bodyFrom, int bodyTo, Discovery discovery)
      throws MalformedMessage {
    byte[] bytes = in.bytes;
    int from = bodyFrom;
    int length = stringLength(bodyFrom, bodyTo);
    if (length >= 0) {
      from = bodyTo - length;
    } else {
      line.clear();
      line.begin(0);
      line.append((byte) 'l');
      line.value();
      text.append(line, bodyFrom, bodyTo);
      line.end();
      // Bytes of a line are kept as they are, so what is said of them does not matter.
      String unused = line.canonicalize(false);
      bytes = line.canonical();
      length = CanonicalLength.read(bytes, 2);
      from = 2 + CanonicalLength.bytes(length);
    }
    if (discovery.levels()) {
      String told = metadata.told(streamLevel, discovery);
      metadata.level(
          told == null ? discovery.levelOfLine(bytes, from, from + length).word() : told);
    }
    Labels built = metadata.build();
    if (built == null) {
      report.rejected(Rejection.LABELS, 1, "an attribute has an empty name or is not valid UTF-8");
      return;
    }
    batch.entry(stream, timeNs, bytes, from, length);
    batch.metadata(built);
    report.accepted();
  }

  /** Of a body that is a text and nothing else, up to its end; -1 when it is not. */
  private int stringLength(int from, int to) throws MalformedMessage {
    if (from == to) {
      return 0;
    }
    in.at = from;
    if (in.tag(to, "AnyValue") != STRING_VALUE) {
      return -1;
    }
    int end = in.enter(to, "a body");
    return end == to ? end - in.at : -1;
  }

  private long littleEndian(int at) {
    long value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | in.bytes[at + i] & 0xff;
    }
    return value;
  }

  private void text(String name, int to) throws MalformedMessage {
    int end = in.enter(to, name);
    if (end > in.at) {
      add(name, new String(in.bytes, in.at, end - in.at, StandardCharsets.UTF_8));
    }
    in.at = end;
  }

  private void id(String name, int to) throws MalformedMessage {
    int end = in.enter(to, name);
    boolean zero = true;
    for (int at = in.at; at < end; at++) {
      zero &= in.bytes[at] == 0;
    }
    if (!zero) {
      add(name, HexFormat.of().formatHex(in.bytes, in.at, end));
    }
    in.at = end;
  }

  private void count(String name, long value) {
    if (value != 0) {
      add(name, Long.toUnsignedString(value));
    }
  }

  private void add(String name, String value) {
    metadata.add(name, value);
  }
}
