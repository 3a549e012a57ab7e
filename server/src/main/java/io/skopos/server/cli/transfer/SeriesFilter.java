// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which series are wanted: those that fit any of some selectors. Immutable. */
public final class SeriesFilter {

  private final List<List<Matcher>> selectors;

  private SeriesFilter(List<List<Matcher>> selectors) {
    this.selectors = selectors;
  }

  /** No text means everything. */
  public static SeriesFilter parse(List<String> texts) {
    List<List<Matcher>> selectors = new ArrayList<>();
    PromqlParser parser = new PromqlParser(ParserOptions.ALL);
    for (String text : texts) {
      try {
        selectors.add(parser.parseSelector(text));
      } catch (ParseFailed e) {
        throw new TransferFailed("--match '" + text + "': " + e.getMessage(), e);
      }
    }
    return new SeriesFilter(selectors);
  }

  public boolean accepts(Labels labels) {
    return selectors.isEmpty()
        || selectors.stream()
            .anyMatch(matchers -> matchers.stream().allMatch(one -> accepts(one, labels)));
  }

  private static boolean accepts(Matcher matcher, Labels labels) {
    String value = labels.getOrEmpty(matcher.name());
    return switch (matcher.type()) {
      case EQUAL -> value.equals(matcher.value());
      case NOT_EQUAL -> !value.equals(matcher.value());
      case REGEX -> fits(matcher, value);
      case NOT_REGEX -> !fits(matcher, value);
    };
  }

  private static boolean fits(Matcher matcher, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return LabelPattern.compile(matcher.value()).matches(bytes, 0, bytes.length);
  }
}
