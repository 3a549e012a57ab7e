// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.relabel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills {@code $1}, {@code ${1}}, {@code $name} and {@code ${name}} into a template as Go's regexp
 * does: the longest name wins, {@code $$} is a dollar, an unknown or unmatched group is empty, a
 * lone dollar stays.
 */
final class GroupTemplate {

  private GroupTemplate() {}

  static String expand(String template, Matcher matcher, Pattern pattern) {
    if (template.indexOf('$') < 0) {
      return template;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at++);
      if (c != '$' || at == template.length()) {
        out.append(c);
        continue;
      }
      if (template.charAt(at) == '$') {
        out.append('$');
        at++;
        continue;
      }
      boolean braced = template.charAt(at) == '{';
      int from = braced ? at + 1 : at;
      int to = from;
      while (to < template.length() && isNameCharacter(template.charAt(to))) {
        to++;
      }
      boolean closed = !braced || (to < template.length() && template.charAt(to) == '}');
      if (to == from || !closed) {
        out.append('$');
        continue;
      }
      String group = group(template.substring(from, to), matcher, pattern);
      out.append(group == null ? "" : group);
      at = braced ? to + 1 : to;
    }
    return out.toString();
  }

  private static @Nullable String group(String name, Matcher matcher, Pattern pattern) {
    boolean number = name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() <= 8;
    if (number && (name.length() == 1 || name.charAt(0) != '0')) {
      int group = Integer.parseInt(name);
      return group <= matcher.groupCount() ? matcher.group(group) : null;
    }
    Integer group = pattern.namedGroups().get(name);
    return group == null ? null : matcher.group(group);
  }

  private static boolean isNameCharacter(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }
}
