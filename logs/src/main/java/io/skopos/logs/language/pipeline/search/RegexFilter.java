// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.storage.index.LabelPattern;
import java.util.Arrays;

/** A regular expression of RE2's syntax, asked only whether it fits. */
public final class RegexFilter {

  private final Pattern engine;
  private final boolean whole;

  private RegexFilter(Pattern engine, boolean whole) {
    this.engine = engine;
    this.whole = whole;
  }

  /**
   * @param whole whether it has to fit the whole text and not only a part
   * @throws IllegalArgumentException with RE2's message when the expression is malformed
   */
  public static RegexFilter compile(String expression, boolean whole) {
    return new RegexFilter(engine(expression), whole);
  }

  /** A regular expression for other uses, its size bounded. */
  public static Pattern engine(String expression) {
    LabelPattern.checkSize(expression);
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  public boolean matches(byte[] bytes, int from, int length) {
    byte[] text =
        from == 0 && length == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, from + length);
    return whole ? engine.matcher(text).matches() : engine.matcher(text).find();
  }
}
