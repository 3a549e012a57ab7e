// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
import io.skopos.engine.text.RegexTemplate;
import io.skopos.engine.text.StringSyntax;
import io.skopos.storage.index.LabelPattern;

/** {@code label_replace(v, dst, replacement, src, regex)}. */
record LabelReplace() implements VectorFunction {

  @Override
  public StepBlock apply(VectorCall call) {
    String destination = call.text(1);
    String replacement = call.text(2);
    String source = call.text(3);
    Pattern pattern = compile(call.text(4));
    if (!StringSyntax.isLabelName(destination)) {
      throw new QueryFailed("invalid destination label name in label_replace(): " + destination);
    }
    return Relabelled.of(
        call,
        destination,
        labels -> {
          Matcher matcher = pattern.matcher(labels.getOrEmpty(source));
          return matcher.matches()
              ? RegexTemplate.expand(replacement, matcher, pattern, Relabelled::checkLength)
              : null;
        });
  }

  private static Pattern compile(String regex) {
    try {
      LabelPattern.checkSize(regex);
    } catch (IllegalArgumentException e) {
      throw new QueryFailed("label_replace(): " + e.getMessage());
    }
    try {
      return Pattern.compile(regex, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new QueryFailed("invalid regular expression in label_replace(): " + regex);
    }
  }
}
