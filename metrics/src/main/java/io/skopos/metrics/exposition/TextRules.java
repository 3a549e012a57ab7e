// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Text 0.0.4 across lines: one HELP and one TYPE for a family, the TYPE before its samples, float
 * bounds and quantiles.
 */
final class TextRules implements FormatRules {

  private final Set<String> helped = new HashSet<>();
  private final Map<String, String> types = new HashMap<>();
  private final Set<String> sampled = new HashSet<>();

  @Override
  public void metadata(Cursor cursor, MetadataLine line) throws ExpositionException {
    String family = line.family();
    switch (line.field()) {
      case HELP -> {
        if (!line.text().isEmpty() && !helped.add(family)) {
          throw cursor.failure("a second HELP line for '" + family + "'");
        }
      }
      case TYPE -> {
        if (types.putIfAbsent(family, line.text()) != null) {
          throw cursor.failure("a second TYPE line for '" + family + "'");
        }
        if (sampled.contains(family)) {
          throw cursor.failure("the TYPE line of '" + family + "' comes after its samples");
        }
      }
      case UNIT -> {}
    }
  }

  @Override
  public void sample(
      Cursor cursor, Labels labels, double value, long timeMs, @Nullable Labels exemplar)
      throws ExpositionException {
    String name = labels.getOrEmpty(Label.METRIC_NAME);
    sampled.add(name);
    if (name.endsWith("_bucket") && "histogram".equals(types.get(without(name, "_bucket")))) {
      sampled.add(without(name, "_bucket"));
      number(cursor, labels, "le");
    } else if ("summary".equals(types.get(name))) {
      number(cursor, labels, "quantile");
    }
  }

  @Override
  public void end(Cursor cursor) {}

  private static void number(Cursor cursor, Labels labels, String label)
      throws ExpositionException {
    String text = labels.get(label);
    if (text != null && Double.isNaN(DecimalNumber.parse(text)) && !text.equalsIgnoreCase("nan")) {
      throw cursor.failure("the value '" + text + "' of the label '" + label + "' is not a number");
    }
  }

  private static String without(String name, String suffix) {
    return name.substring(0, name.length() - suffix.length());
  }
}
