// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.function.LongConsumer;

/** Texts made of what a regular expression found, as Go's regexp expands them. */
public final class RegexTemplate {

  private RegexTemplate() {}

  /**
   * Puts in what groups matched: {@code $1}, {@code ${1}}, {@code $name}, {@code ${name}}; {@code
   * $$} is a dollar. A name without braces is as long as it can be; groups that are not there are
   * empty.
   *
   * @param length told how long the text has become after each group; may refuse it
   */
  public static String expand(
      String template, Matcher matcher, Pattern pattern, LongConsumer length) {
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
      length.accept(out.length());
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
