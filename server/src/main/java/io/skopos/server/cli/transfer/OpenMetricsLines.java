// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * OpenMetrics 1.0 with times. Types and help are left out: without them every metric is {@code
 * unknown}, which no name can contradict. Native histograms and stale markers have no form in it
 * and are counted.
 */
final class OpenMetricsLines implements TextSink.Text {

  private static final Pattern PLAIN_METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern PLAIN_LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private final Problems problems;
  private boolean saidHistograms;

  OpenMetricsLines(Problems problems) {
    this.problems = problems;
  }

  @Override
  public void series(Labels labels, SampleBuffer samples, Appendable out) throws IOException {
    String series = series(labels);
    for (int i = 0; i < samples.size; i++) {
      if (!TextSink.isPlain(samples, i)) {
        if (samples.histograms != null && samples.histograms[i] != null && !saidHistograms) {
          saidHistograms = true;
          problems.add(
              labels + " has native histograms, which OpenMetrics text cannot hold: left out");
        }
        continue;
      }
      long time = samples.timesMs[i];
      out.append(series).append(' ').append(number(samples.values[i])).append(' ');
      out.append(time < 0 ? "-" : "").append(Long.toString(Math.abs(time) / 1000)).append('.');
      String millis = Long.toString(Math.abs(time) % 1000);
      out.append("000", 0, 3 - millis.length()).append(millis).append('\n');
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15 && !isNegativeZero(value)
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static boolean isNegativeZero(double value) {
    return Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(-0.0);
  }

  private static String series(Labels labels) {
    String name = labels.getOrEmpty(Label.METRIC_NAME);
    boolean plain = PLAIN_METRIC.matcher(name).matches();
    StringBuilder text = new StringBuilder(plain ? name : "");
    text.append('{');
    if (!plain) {
      quoted(text, name);
    }
    for (Label label : labels) {
      if (label.name().equals(Label.METRIC_NAME)) {
        continue;
      }
      if (text.charAt(text.length() - 1) != '{') {
        text.append(',');
      }
      if (PLAIN_LABEL.matcher(label.name()).matches()) {
        text.append(label.name());
      } else {
        quoted(text, label.name());
      }
      text.append('=');
      quoted(text, label.value());
    }
    return text.append('}').toString();
  }

  private static void quoted(StringBuilder text, String value) {
    text.append('"')
        .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
        .append('"');
  }

  @Override
  public String end() {
    return "# EOF\n";
  }
}
