// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.PositionRange;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A text is not PromQL. The message is that of the first error, with its line and column; both
 * count from 1, columns in bytes, as in Prometheus.
 */
public final class ParseFailed extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<ParseError> errors;

  ParseFailed(String query, List<ParseError> errors) {
    super(describe(query, errors.getFirst()));
    this.errors = List.copyOf(errors);
  }

  /** At least one, in the order they were found. */
  public List<ParseError> errors() {
    return errors;
  }

  private static String describe(String query, ParseError error) {
    return lineAndColumn(query, error.position()) + ": parse error: " + error.message();
  }

  private static String lineAndColumn(String query, PositionRange position) {
    byte[] text = query.getBytes(StandardCharsets.UTF_8);
    if (position.start() < 0 || position.start() > text.length) {
      return "invalid position";
    }
    if (position.end() == 0) {
      return "unknown position";
    }
    int line = 1;
    int lineBreak = -1;
    for (int i = 0; i < position.start(); i++) {
      if (text[i] == '\n') {
        lineBreak = i;
        line++;
      }
    }
    return line + ":" + (position.start() - lineBreak);
  }
}
