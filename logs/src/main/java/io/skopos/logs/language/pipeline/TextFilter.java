// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.search.RegexFilter;
import io.skopos.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares a text. The only filter that can drop entries for their {@code __error__}. */
public final class TextFilter implements LabelFilter {

  private final Matcher matcher;
  private final byte[] value;
  private final boolean negated;
  private final @Nullable RegexFilter regex;
  private final boolean ofError;

  /**
   * @throws InvalidStage when the matcher's expression is malformed
   */
  public TextFilter(Matcher matcher) {
    this.matcher = matcher;
    this.value = matcher.value().getBytes(StandardCharsets.UTF_8);
    this.ofError =
        matcher.name().equals(EntryState.ERROR) || matcher.name().equals(EntryState.ERROR_DETAILS);
    this.negated =
        switch (matcher.type()) {
          case EQUAL, REGEX -> false;
          case NOT_EQUAL, NOT_REGEX -> true;
        };
    this.regex =
        switch (matcher.type()) {
          case EQUAL, NOT_EQUAL -> null;
          case REGEX, NOT_REGEX -> compile(matcher.value());
        };
  }

  private static RegexFilter compile(String expression) {
    try {
      return RegexFilter.compile(expression, true);
    } catch (IllegalArgumentException e) {
      throw new InvalidStage(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public boolean process(EntryState state) {
    if (ofError) {
      String text = matcher.name().equals(EntryState.ERROR) ? state.error() : state.errorDetails();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return matches(bytes, 0, bytes.length);
    }
    return state.find(state.name(matcher.name()))
        ? matches(state.foundBytes, state.foundFrom, state.foundLength)
        : matches(value, 0, 0);
  }

  /** Whether a value fits. */
  boolean matches(byte[] bytes, int from, int length) {
    boolean fits =
        regex == null
            ? length == value.length
                && Arrays.equals(bytes, from, from + length, value, 0, value.length)
            : regex.matches(bytes, from, length);
    return fits != negated;
  }

  @Override
  public Set<String> requiredLabels() {
    return Set.of(matcher.name());
  }
}
