// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.metrics.store.Exemplar;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Exemplars: trace and span as labels, other attributes while there is room. */
final class ExemplarReader {

  private static final int TIME = 2 << 3 | ProtobufReader.FIXED64;
  private static final int AS_DOUBLE = 3 << 3 | ProtobufReader.FIXED64;
  private static final int SPAN_ID = 4 << 3 | ProtobufReader.LENGTH;
  private static final int TRACE_ID = 5 << 3 | ProtobufReader.LENGTH;
  private static final int AS_INT = 6 << 3 | ProtobufReader.FIXED64;
  private static final int FILTERED_ATTRIBUTES = 7 << 3 | ProtobufReader.LENGTH;

  /** OpenMetrics' limit for names and values together. */
  private static final int MAX_CHARACTERS = 128;

  private final ProtobufReader in;
  private final Attributes attributes;
  private final LabelBuffer labels = new LabelBuffer();
  private final Ranges filtered = new Ranges();

  ExemplarReader(ProtobufReader in, Attributes attributes) {
    this.in = in;
    this.attributes = attributes;
  }

  /** The exemplar at the given place; null when it has no value or no usable labels or time. */
  @Nullable Exemplar read(int from, int to, long pointTimeMs) throws MalformedMessage {
    byte[] spanId = {};
    byte[] traceId = {};
    long timeNanos = 0;
    double value = Double.NaN;
    boolean valued = false;
    filtered.clear();
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "Exemplar");
      switch (tag) {
        case TIME -> timeNanos = in.fixed64(to, "an exemplar's time");
        case AS_DOUBLE -> {
          value = Double.longBitsToDouble(in.fixed64(to, "an exemplar's value"));
          valued = true;
        }
        case AS_INT -> {
          value = in.fixed64(to, "an exemplar's value");
          valued = true;
        }
        case SPAN_ID -> spanId = bytes(in.enter(to, "an exemplar's span_id"));
        case TRACE_ID -> traceId = bytes(in.enter(to, "an exemplar's trace_id"));
        case FILTERED_ATTRIBUTES -> {
          int end = in.enter(to, "an exemplar's attribute");
          filtered.add(in.at, end);
          in.at = end;
        }
        default -> in.skip(tag, to, "Exemplar");
      }
    }
    long timeMs = timeNanos == 0 ? pointTimeMs : Long.divideUnsigned(timeNanos, 1_000_000);
    if (!valued || !TimeRange.STORABLE.contains(timeMs)) {
      return null;
    }
    Labels found = labels(traceId, spanId);
    return found == null ? null : new Exemplar(found, value, timeMs);
  }

  private byte[] bytes(int end) {
    byte[] id = Arrays.copyOfRange(in.bytes, in.at, end);
    in.at = end;
    return id;
  }

  private @Nullable Labels labels(byte[] traceId, byte[] spanId) throws MalformedMessage {
    labels.clear();
    addId("trace_id", traceId);
    addId("span_id", spanId);
    long ids = labels.mark();
    for (int i = 0; i < filtered.size(); i++) {
      attributes.read(filtered.from(i), filtered.to(i));
      attributes.addTo(labels, 0, new byte[0]);
    }
    String problem = labels.canonicalize(false);
    if (problem != null || characters() > MAX_CHARACTERS) {
      labels.rewind(ids);
      problem = labels.canonicalize(false);
    }
    return problem != null
        ? null
        : Labels.ofCanonicalBytes(Arrays.copyOf(labels.canonical(), labels.canonicalLength()));
  }

  private int characters() {
    int bytes = labels.canonicalLength();
    if (bytes <= MAX_CHARACTERS || bytes > 8 * MAX_CHARACTERS) {
      return bytes;
    }
    int count = 0;
    for (io.skopos.model.Label label :
        Labels.ofCanonicalBytes(Arrays.copyOf(labels.canonical(), bytes))) {
      count += label.name().codePointCount(0, label.name().length());
      count += label.value().codePointCount(0, label.value().length());
    }
    return count;
  }

  private void addId(String name, byte[] id) {
    boolean zero = true;
    for (byte b : id) {
      zero &= b == 0;
    }
    if (!zero) {
      labels.add(
          1,
          name.getBytes(StandardCharsets.US_ASCII),
          HexFormat.of().formatHex(id).getBytes(StandardCharsets.US_ASCII));
    }
  }
}
