// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.evaluation;

import io.skopos.engine.Annotations;
import io.skopos.metrics.language.function.PositionedAnnotations;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects a query's annotations and writes line and column behind each. Not thread-safe. */
public final class QueryAnnotations implements PositionedAnnotations {

  private record Note(boolean warning, String text, int position) {}

  private final byte[] query;
  private final Annotations annotations = new Annotations();
  private final Set<Note> seen = new HashSet<>();

  public QueryAnnotations(String query) {
    this.query = query.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void warn(String text, int position) {
    if (seen.add(new Note(true, text, position))) {
      annotations.warn("PromQL warning: " + text + " (" + lineAndColumn(position) + ")");
    }
  }

  @Override
  public void info(String text, int position) {
    if (seen.add(new Note(false, text, position))) {
      annotations.info("PromQL info: " + text + " (" + lineAndColumn(position) + ")");
    }
  }

  /** A warning about the data rather than the query. */
  void warnOfData(List<String> texts) {
    texts.forEach(annotations::warn);
  }

  public List<String> warnings() {
    return annotations.warnings();
  }

  public List<String> infos() {
    return annotations.infos();
  }

  private String lineAndColumn(int position) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(position, query.length); i++) {
      if (query[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return line + ":" + (position - lineStart + 1);
  }
}
