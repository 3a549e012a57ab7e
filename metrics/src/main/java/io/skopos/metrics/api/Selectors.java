// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.serving.query.QueryDescription;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code match[]}, {@code start} and {@code end} of the endpoints that look series up. */
final class Selectors {

  private static final String NO_CONDITION =
      "vector selector must contain at least one non-empty matcher";

  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);

  /** The union to look in; empty when none is given. */
  List<List<Matcher>> optional(Parameters parameters) {
    return parse(parameters, "");
  }

  /** The union to look in; an error when none is given. */
  List<List<Matcher>> required(Parameters parameters) {
    if (parameters.all("match[]").isEmpty()) {
      throw HttpError.badData("no match[] parameter provided");
    }
    return parse(parameters, "invalid parameter \"match[]\": ");
  }

  private List<List<Matcher>> parse(Parameters parameters, String prefix) {
    return parse(parameters.all("match[]"), prefix);
  }

  /** Each of the texts a selector; errors begin with the prefix. */
  List<List<Matcher>> parse(List<String> texts, String prefix) {
    List<List<Matcher>> selectors = new ArrayList<>();
    for (String text : texts) {
      selectors.add(parse(text, "match[]", prefix));
    }
    return selectors;
  }

  /** One selector of a parameter that has another name. */
  List<Matcher> one(String parameter, String text) {
    return parse(text, parameter, "invalid parameter \"" + parameter + "\": ");
  }

  private List<Matcher> parse(String text, String parameter, String prefix) {
    try {
      return parser.parseSelector(text);
    } catch (ParseFailed e) {
      String problem =
          e.errors().getFirst().message().equals(NO_CONDITION)
              ? parameter + " must contain at least one non-empty matcher"
              : e.getMessage();
      throw HttpError.badData(prefix + problem);
    }
  }

  /** What such a request asks, for the list of queries. */
  static QueryDescription description(String kind, Parameters parameters, TimeRange range) {
    boolean from = !parameters.getOrEmpty("start").isEmpty();
    boolean to = !parameters.getOrEmpty("end").isEmpty();
    return new QueryDescription(
        kind,
        String.join(" or ", parameters.all("match[]")),
        from ? (Long) range.fromMs() : null,
        to ? (Long) range.toMs() : null,
        0);
  }

  /** Null when it ends before it begins, which selects nothing. */
  static @Nullable TimeRange range(Parameters parameters) {
    long from = QueryParameters.time(parameters, "start", -QueryParameters.MAX_TIME_MS);
    long to = QueryParameters.time(parameters, "end", QueryParameters.MAX_TIME_MS);
    return from <= to ? new TimeRange(from, to) : null;
  }
}
