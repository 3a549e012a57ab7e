// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.relabel;

import java.util.List;

/**
 * One rule of {@code relabel_configs} or {@code metric_relabel_configs}, checked.
 *
 * @param regex RE2, matched against the whole text
 * @param modulus of the hash for {@code hashmod}; unsigned, 0 when not set
 * @param targetLabel may refer to groups for {@code replace}; empty when not set
 * @param replacement may refer to groups as {@code $1} or {@code ${name}}
 */
public record RelabelRule(
    List<String> sourceLabels,
    String separator,
    String regex,
    long modulus,
    String targetLabel,
    String replacement,
    RelabelAction action) {

  public static final String DEFAULT_SEPARATOR = ";";
  public static final String DEFAULT_REGEX = "(.*)";
  public static final String DEFAULT_REPLACEMENT = "$1";

  /** Bounds the work of compiling one rule; real rules have some hundred characters. */
  private static final int MAX_REGEX_LENGTH = 64 * 1024;

  public RelabelRule {
    sourceLabels = List.copyOf(sourceLabels);
    if (regex.length() > MAX_REGEX_LENGTH) {
      throw new IllegalArgumentException(
          "a relabel regex has "
              + regex.length()
              + " characters, the limit is "
              + MAX_REGEX_LENGTH);
    }
    CompiledRule.pattern(regex);
    boolean plainTarget = targetLabel.indexOf('$') < 0;
    switch (action) {
      case REPLACE -> needs(!targetLabel.isEmpty(), action, "a target_label");
      case LOWERCASE, UPPERCASE -> {
        needs(!targetLabel.isEmpty() && plainTarget, action, "a target_label without '$'");
        refuses(!replacement.equals(DEFAULT_REPLACEMENT), action, "replacement");
      }
      case HASHMOD -> {
        needs(!targetLabel.isEmpty() && plainTarget, action, "a target_label without '$'");
        needs(modulus != 0, action, "a modulus other than 0");
      }
      case KEEPEQUAL, DROPEQUAL -> {
        needs(!targetLabel.isEmpty() && plainTarget, action, "a target_label without '$'");
        refuses(
            !regex.equals(DEFAULT_REGEX)
                || modulus != 0
                || !separator.equals(DEFAULT_SEPARATOR)
                || !replacement.equals(DEFAULT_REPLACEMENT),
            action,
            "keys other than source_labels and target_label");
      }
      case LABELDROP, LABELKEEP ->
          refuses(
              !sourceLabels.isEmpty()
                  || !targetLabel.isEmpty()
                  || modulus != 0
                  || !separator.equals(DEFAULT_SEPARATOR)
                  || !replacement.equals(DEFAULT_REPLACEMENT),
              action,
              "keys other than regex");
      case LABELMAP -> needs(!replacement.isEmpty(), action, "a replacement");
      case KEEP, DROP -> {}
    }
  }

  private static void needs(boolean given, RelabelAction action, String what) {
    if (!given) {
      throw new IllegalArgumentException("the relabel action " + action.key() + " needs " + what);
    }
  }

  private static void refuses(boolean given, RelabelAction action, String what) {
    if (given) {
      throw new IllegalArgumentException(
          "the relabel action " + action.key() + " does not take " + what);
    }
  }
}
