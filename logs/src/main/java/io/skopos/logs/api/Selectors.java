// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.model.Matcher;
import io.skopos.web.HttpError;
import java.util.List;

/** Reads matchers of endpoints that take no whole query. */
final class Selectors {

  private Selectors() {}

  /** Of {@code {a="b"}}; all streams for nothing and for {@code {}}. */
  static List<Matcher> matchers(String text) {
    String stripped = text.strip();
    if (stripped.isEmpty() || stripped.replace(" ", "").equals("{}")) {
      return List.of();
    }
    try {
      return LogqlQuery.parseMatchers(stripped);
    } catch (ParseFailed e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
  }

  /** Of a whole query's first selector, as explorers send the query they show. */
  static List<Matcher> firstSelector(String text) {
    String stripped = text.strip();
    if (stripped.isEmpty() || stripped.replace(" ", "").equals("{}")) {
      return List.of();
    }
    try {
      List<List<Matcher>> selectors = LogqlQuery.parse(stripped).selectors();
      return selectors.isEmpty() ? List.of() : selectors.getFirst();
    } catch (ParseFailed e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
  }
}
