// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.relabel.Relabelling;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.ingest.scrape.config.ScrapeLimits;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From what a target exposes to what is stored: the target's labels, metric relabelling, limits.
 * Runs once for a series, not for a sample.
 */
final class SeriesMapping implements LabelMapping {

  /** Ends a parse from inside the mapping. */
  static final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message, null, false, false);
    }
  }

  private final Labels targetLabels;
  private final boolean honorLabels;
  private final Relabelling relabelling;
  private final ScrapeLimits limits;
  private final boolean legacyNames;

  SeriesMapping(Labels targetLabels, ScrapeConfig config, Relabelling relabelling) {
    this.targetLabels = targetLabels;
    this.honorLabels = config.honorLabels();
    this.relabelling = relabelling;
    this.limits = config.limits();
    this.legacyNames = config.exposition().legacyNames();
  }

  @Override
  public @Nullable Labels map(Labels exposed, List<String> emptyNames) {
    LabelsBuilder builder = new LabelsBuilder(exposed);
    if (honorLabels) {
      for (Label label : targetLabels) {
        if (builder.get(label.name()) == null && !emptyNames.contains(label.name())) {
          builder.set(label.name(), label.value());
        }
      }
    } else {
      addTargetLabels(builder);
    }
    if (!relabelling.apply(builder)) {
      return null;
    }
    Labels labels = builder.build();
    if (labels.isEmpty()) {
      return null;
    }
    if (!labels.has(Label.METRIC_NAME)) {
      throw new Refused("metric relabelling took the name from the series " + exposed);
    }
    if (legacyNames) {
      checkNames(labels);
    }
    checkLimits(labels);
    return labels;
  }

  /** The target's labels win; what the target exposed under their names becomes exported_name. */
  private void addTargetLabels(LabelsBuilder builder) {
    List<Label> moved = new ArrayList<>();
    for (Label label : targetLabels) {
      String own = builder.get(label.name());
      if (own != null) {
        moved.add(new Label(label.name(), own));
      }
      builder.set(label.name(), label.value());
    }
    for (Label label : moved) {
      String name = "exported_" + label.name();
      while (builder.get(name) != null) {
        name = "exported_" + name;
      }
      builder.set(name, label.value());
    }
  }

  private static void checkNames(Labels labels) {
    for (Label label : labels) {
      boolean metric = label.name().equals(Label.METRIC_NAME);
      if (!isLegacy(label.name(), false) || metric && !isLegacy(label.value(), true)) {
        throw new Refused(
            "the series "
                + labels
                + " has a name that metric_name_validation_scheme: legacy does not allow");
      }
    }
  }

  private static boolean isLegacy(String name, boolean withColons) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
      boolean digit = i > 0 && c >= '0' && c <= '9';
      if (!letter && !digit && !(withColons && c == ':')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private void checkLimits(Labels labels) {
    if (limits.labels() > 0 && labels.size() > limits.labels()) {
      throw new Refused(
          "label_limit exceeded: the series "
              + labels
              + " has "
              + labels.size()
              + " labels, the limit is "
              + limits.labels());
    }
    if (limits.labelNameBytes() == 0 && limits.labelValueBytes() == 0) {
      return;
    }
    for (Label label : labels) {
      int name = label.name().getBytes(StandardCharsets.UTF_8).length;
      if (limits.labelNameBytes() > 0 && name > limits.labelNameBytes()) {
        throw new Refused(
            "label_name_length_limit exceeded: the name '"
                + label.name()
                + "' has "
                + name
                + " bytes, the limit is "
                + limits.labelNameBytes());
      }
      int value = label.value().getBytes(StandardCharsets.UTF_8).length;
      if (limits.labelValueBytes() > 0 && value > limits.labelValueBytes()) {
        throw new Refused(
            "label_value_length_limit exceeded: the value of '"
                + label.name()
                + "' has "
                + value
                + " bytes, the limit is "
                + limits.labelValueBytes());
      }
    }
  }
}
