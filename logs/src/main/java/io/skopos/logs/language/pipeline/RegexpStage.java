// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.skopos.logs.language.pipeline.search.RegexFilter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code | regexp "(?P<method>\\w+)"}: named groups become labels. */
public final class RegexpStage implements Stage {

  private final Pattern pattern;
  private final String[] labels;
  private final int[] groups;

  /**
   * @throws InvalidStage when the expression is malformed or names no group
   */
  public RegexpStage(String expression) {
    try {
      this.pattern = RegexFilter.engine(expression);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("duplicate capture group name")) {
        message = message.replace("capture group", "extracted label");
      }
      throw new InvalidStage(message, e);
    }
    Map<String, Integer> named = pattern.namedGroups();
    if (named.isEmpty()) {
      throw new InvalidStage("at least one named capture must be supplied");
    }
    List<Map.Entry<String, Integer>> inOrder =
        named.entrySet().stream().sorted(Comparator.comparing(Map.Entry::getValue)).toList();
    this.labels = inOrder.stream().map(Map.Entry::getKey).toArray(String[]::new);
    this.groups = inOrder.stream().mapToInt(Map.Entry::getValue).toArray();
    for (String label : labels) {
      LabelNames.check(label, "invalid extracted label name '" + label + "'");
    }
  }

  @Override
  public boolean process(EntryState state) {
    byte[] bytes = state.bytes();
    int from = state.from();
    int length = state.length();
    if (from != 0 || length != bytes.length) {
      bytes = Arrays.copyOfRange(bytes, from, from + length);
    }
    Matcher matcher = pattern.matcher(bytes);
    if (!matcher.find()) {
      return true;
    }
    for (int i = 0; i < groups.length; i++) {
      LabelName target = state.parsedName(state.name(labels[i]));
      if (target != null) {
        int start = Math.max(0, matcher.start(groups[i]));
        int end = Math.max(start, matcher.end(groups[i]));
        state.set(EntryState.Category.PARSED, target, bytes, start, end - start);
      }
    }
    return true;
  }
}
