// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.web.HttpError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Whether labels at hand, such as a target's, fit all of some matchers. */
final class LabelsCondition implements Predicate<Labels> {

  private record Part(Matcher matcher, Pattern pattern) {}

  private final List<Part> parts = new ArrayList<>();

  LabelsCondition(List<Matcher> matchers) {
    for (Matcher matcher : matchers) {
      boolean regex =
          matcher.type() == Matcher.Type.REGEX || matcher.type() == Matcher.Type.NOT_REGEX;
      String text = regex ? matcher.value() : Pattern.quote(matcher.value());
      try {
        parts.add(new Part(matcher, Pattern.compile("^(?s:" + text + ")$")));
      } catch (PatternSyntaxException e) {
        throw HttpError.badData("'" + matcher.value() + "' is not RE2: " + e.getDescription());
      }
    }
  }

  @Override
  public boolean test(Labels labels) {
    for (Part part : parts) {
      boolean fits = part.pattern.matcher(labels.getOrEmpty(part.matcher.name())).matches();
      boolean wanted =
          part.matcher.type() == Matcher.Type.EQUAL || part.matcher.type() == Matcher.Type.REGEX;
      if (fits != wanted) {
        return false;
      }
    }
    return true;
  }
}
