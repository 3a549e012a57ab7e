// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.StepBlock;
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
          return matcher.matches() ? expand(replacement, matcher, pattern) : null;
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

  /**
   * Puts in what groups matched: {@code $1}, {@code ${1}}, {@code $name}, {@code ${name}}; {@code
   * $$} is a dollar. A name without braces is as long as it can be; groups that are not there are
   * empty.
   */
  private static String expand(String template, Matcher matcher, Pattern pattern) {
    StringBuilder out = new StringBuilder();
    int position = 0;
    while (true) {
      int dollar = template.indexOf('$', position);
      if (dollar < 0) {
        return out.append(template, position, template.length()).toString();
      }
      out.append(template, position, dollar);
      position = dollar + 1;
      if (position < template.length() && template.charAt(position) == '$') {
        out.append('$');
        position++;
        continue;
      }
      boolean braced = position < template.length() && template.charAt(position) == '{';
      int start = braced ? position + 1 : position;
      int end = start;
      while (end < template.length() && isWord(template.codePointAt(end))) {
        end += Character.charCount(template.codePointAt(end));
      }
      boolean closed = !braced || (end < template.length() && template.charAt(end) == '}');
      if (end == start || !closed) {
        // Malformed: the dollar stands for itself.
        out.append('$');
        continue;
      }
      out.append(group(template.substring(start, end), matcher, pattern));
      Relabelled.checkLength(out.length());
      position = braced ? end + 1 : end;
    }
  }

  private static boolean isWord(int c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  private static String group(String name, Matcher matcher, Pattern pattern) {
    String text = null;
    if (name.length() <= 9 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int number = Integer.parseInt(name);
      text = number <= matcher.groupCount() ? matcher.group(number) : null;
    } else if (pattern.namedGroups().containsKey(name)) {
      text = matcher.group(name);
    }
    return text == null ? "" : text;
  }
}
