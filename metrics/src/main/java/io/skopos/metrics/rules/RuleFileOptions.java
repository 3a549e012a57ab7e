// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import io.skopos.metrics.language.parse.ParserOptions;

/**
 * How rule files are read.
 *
 * @param parser which parts of PromQL are switched on
 * @param legacyNames whether names must be made of letters, digits and underscores
 * @param ignoreUnknownFields whether fields that mean nothing are passed over
 */
public record RuleFileOptions(
    ParserOptions parser, boolean legacyNames, boolean ignoreUnknownFields) {

  public static final RuleFileOptions DEFAULT =
      new RuleFileOptions(ParserOptions.ALL, false, false);
}
