// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.metrics.exposition.FloatText;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code le} and {@code quantile} as Prometheus 3 does ({@code 1.0}, not {@code 1}), so that
 * a target's buckets are the same series in whichever format it exposes them.
 */
final class BoundaryLabels implements LabelMapping {

  private static final String LE = "le";
  private static final String QUANTILE = "quantile";
  private static final String BUCKET = "_bucket";

  private final LabelMapping next;
  private final Function<String, String> typeOf;

  /**
   * @param typeOf the type of a metric family, as far as it is known by now
   */
  BoundaryLabels(LabelMapping next, Function<String, String> typeOf) {
    this.next = next;
    this.typeOf = typeOf;
  }

  @Override
  public @Nullable Labels map(Labels exposed, List<String> emptyNames) {
    return next.map(normalized(exposed), emptyNames);
  }

  private Labels normalized(Labels exposed) {
    String name = exposed.getOrEmpty(Label.METRIC_NAME);
    String label = "";
    if (name.endsWith(BUCKET) && exposed.has(LE)) {
      String family = name.substring(0, name.length() - BUCKET.length());
      label = typeOf.apply(family).equals("histogram") ? LE : "";
    } else if (exposed.has(QUANTILE)) {
      label = typeOf.apply(name).equals("summary") ? QUANTILE : "";
    }
    if (label.isEmpty()) {
      return exposed;
    }
    String value = exposed.getOrEmpty(label);
    String normal = normal(value);
    return normal.equals(value) ? exposed : new LabelsBuilder(exposed).set(label, normal).build();
  }

  /** What is no number stays as it is. */
  static String normal(String value) {
    if (value.equals("Inf")) {
      return "+Inf";
    }
    if (!value.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.eE".indexOf(c) >= 0)) {
      return value;
    }
    try {
      return FloatText.openMetrics(Double.parseDouble(value));
    } catch (NumberFormatException e) {
      return value;
    }
  }
}
