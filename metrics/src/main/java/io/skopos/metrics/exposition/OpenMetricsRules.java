// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OpenMetrics 1.0 across lines: a family's lines stand together, its metadata first and once; its
 * names clash with no other's; points of one label set stand together and go forward in time; each
 * type keeps its own rules ({@link OpenMetricsFamily}).
 */
final class OpenMetricsRules implements FormatRules {

  private static final int MAX_EXEMPLAR_CHARACTERS = 128;

  private final Set<String> takenNames = new HashSet<>();
  private @Nullable OpenMetricsFamily family;

  @Override
  public void metadata(Cursor cursor, MetadataLine line) throws ExpositionException {
    OpenMetricsFamily current = family;
    if (current == null || !current.name().equals(line.family())) {
      finish(cursor);
      current = new OpenMetricsFamily(line.family());
      family = current;
    } else if (current.hasSamples()) {
      throw cursor.failure(
          "metadata of '" + line.family() + "' comes after its samples, or the family comes twice");
    }
    current.metadata(cursor, line.field(), line.text());
  }

  @Override
  public void sample(
      Cursor cursor, Labels labels, double value, long timeMs, @Nullable Labels exemplar)
      throws ExpositionException {
    String name = labels.getOrEmpty(Label.METRIC_NAME);
    OpenMetricsFamily current = family;
    if (current == null || !current.owns(name)) {
      finish(cursor);
      current = new OpenMetricsFamily(name);
      family = current;
    }
    if (exemplar != null) {
      exemplar(cursor, current, name, exemplar);
    }
    current.sample(cursor, name, labels, value, timeMs);
  }

  @Override
  public void end(Cursor cursor) throws ExpositionException {
    finish(cursor);
    family = null;
  }

  private void finish(Cursor cursor) throws ExpositionException {
    OpenMetricsFamily done = family;
    if (done == null) {
      return;
    }
    done.end(cursor);
    for (String name : done.names()) {
      if (!takenNames.add(name)) {
        throw cursor.failure(
            "the family '"
                + done.name()
                + "' comes twice, or its '"
                + name
                + "' is also a name of another family");
      }
    }
  }

  private static void exemplar(
      Cursor cursor, OpenMetricsFamily family, String name, Labels exemplar)
      throws ExpositionException {
    if (!family.takesExemplar(name)) {
      throw cursor.failure(
          "'"
              + name
              + "' of type "
              + family.type()
              + " cannot carry an exemplar; only counters' _total and histograms' _bucket can");
    }
    int characters = 0;
    for (Label label : exemplar) {
      characters += label.name().codePointCount(0, label.name().length());
      characters += label.value().codePointCount(0, label.value().length());
    }
    if (characters > MAX_EXEMPLAR_CHARACTERS) {
      throw cursor.failure(
          "an exemplar's labels have "
              + characters
              + " characters, the limit is "
              + MAX_EXEMPLAR_CHARACTERS);
    }
  }

  /** Which suffixes samples of a type may have. */
  static List<String> suffixes(String type) {
    return switch (type) {
      case "counter" -> List.of("_total", "_created");
      case "summary" -> List.of("", "_count", "_sum", "_created");
      case "histogram" -> List.of("_count", "_sum", "_bucket", "_created");
      case "gaugehistogram" -> List.of("_gcount", "_gsum", "_bucket");
      case "info" -> List.of("_info");
      default -> List.of("");
    };
  }
}
