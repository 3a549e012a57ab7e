// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.metrics.wire.ProtobufWriter;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Text 0.0.4 or OpenMetrics. */
final class TextExposition implements ExpositionWriter {

  private final boolean openMetrics;
  private final boolean anyNames;
  private final String emptyLabel;
  private final ProtobufWriter out;
  private final StringBuilder line = new StringBuilder();
  private final Set<String> families = new HashSet<>();
  private String name = "";
  private String type = "";
  private boolean typed;

  TextExposition(AcceptedFormat accepted, String emptyLabel, ProtobufWriter out) {
    this.emptyLabel = emptyLabel;
    this.openMetrics = accepted.format() == ExpositionFormat.OPENMETRICS;
    this.anyNames = accepted.anyNames();
    this.out = out;
  }

  @Override
  public void metric(String newName, String newType) {
    name = shown(newName);
    type = newType;
    typed = false;
  }

  /** Only in front of a sample: a metric may have nothing but histograms, which are left out. */
  private void type() {
    if (typed) {
      return;
    }
    typed = true;
    String family = name;
    if (openMetrics && type.equals("counter")) {
      if (name.endsWith("_total") && name.length() > 6) {
        family = name.substring(0, name.length() - 6);
      } else {
        type = "unknown";
      }
    }
    if (!families.add(family)) {
      return;
    }
    String told = !openMetrics && type.equals("unknown") ? "untyped" : type;
    line.append("# TYPE ");
    name(family);
    line.append(' ').append(told).append('\n');
  }

  @Override
  public void sample(Labels labels, double value, long timeMs) {
    type();
    boolean quoted = !LegacyName.is(name, true);
    boolean any = false;
    if (quoted) {
      line.append("{");
      quoted(name);
      any = true;
    } else {
      line.append(name);
    }
    for (Label label : labels) {
      if (!label.name().equals(Label.METRIC_NAME)) {
        line.append(any ? ',' : '{');
        label(anyNames ? label.name() : LegacyName.of(label.name(), false), label.value());
        any = true;
      }
    }
    if (!emptyLabel.isEmpty() && !labels.has(emptyLabel)) {
      line.append(any ? ',' : '{');
      label(emptyLabel, "");
      any = true;
    }
    line.append(any ? "} " : " ");
    line.append(openMetrics ? FloatText.openMetrics(value) : FloatText.text(value)).append(' ');
    if (openMetrics) {
      seconds(timeMs);
    } else {
      line.append(timeMs);
    }
    line.append('\n');
    flush();
  }

  private void label(String labelName, String value) {
    if (LegacyName.is(labelName, false)) {
      line.append(labelName);
    } else {
      quoted(labelName);
    }
    line.append('=');
    quoted(value);
  }

  private void seconds(long timeMs) {
    long magnitude = Math.abs(timeMs);
    line.append(timeMs < 0 ? "-" : "").append(magnitude / 1000).append('.');
    String millis = Long.toString(magnitude % 1000);
    line.append("000", 0, 3 - millis.length()).append(millis);
  }

  @Override
  public void histogram(Labels labels, NativeHistogram histogram, long timeMs) {
    // Neither format has native histograms.
  }

  @Override
  public void end() {
    if (openMetrics) {
      line.append("# EOF\n");
    }
    flush();
  }

  private void flush() {
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    out.raw(bytes, 0, bytes.length);
    line.setLength(0);
  }

  private String shown(String metric) {
    return anyNames ? metric : LegacyName.of(metric, true);
  }

  private void name(String family) {
    if (LegacyName.is(family, true)) {
      line.append(family);
    } else {
      quoted(family);
    }
  }

  private void quoted(String text) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> line.append("\\\\");
        case '"' -> line.append("\\\"");
        case '\n' -> line.append("\\n");
        default -> line.append(c);
      }
    }
    line.append('"');
  }
}
