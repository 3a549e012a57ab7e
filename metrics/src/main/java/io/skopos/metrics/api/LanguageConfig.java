// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.model.config.Setting;

/**
 * Which parts of PromQL are switched on. Each is a feature flag of Prometheus; what is off is
 * refused in its words.
 */
public record LanguageConfig(
    @Setting(
            doc =
                "Functions and aggregations that Prometheus calls experimental"
                    + " (promql-experimental-functions).",
            defaultValue = "true")
        boolean experimentalFunctions,
    @Setting(
            doc = "Arithmetic in ranges, steps and offsets (promql-duration-expr).",
            defaultValue = "true")
        boolean durationExpressions,
    @Setting(
            doc =
                "The modifiers anchored and smoothed of selectors"
                    + " (promql-extended-range-selectors).",
            defaultValue = "true")
        boolean extendedRangeSelectors,
    @Setting(
            doc =
                "The modifiers fill, fill_left and fill_right of binary operators"
                    + " (promql-binop-fill-modifiers).",
            defaultValue = "true")
        boolean binopFillModifiers,
    @Setting(
            doc =
                "Whether a metric's name that no longer fits goes only at the end of a query, so"
                    + " that label_replace and by (__name__) still see it"
                    + " (promql-delayed-name-removal).",
            defaultValue = "true")
        boolean delayedNameRemoval) {

  public static final LanguageConfig DEFAULT = new LanguageConfig(true, true, true, true, true);

  ParserOptions parserOptions() {
    return new ParserOptions(
        experimentalFunctions,
        durationExpressions,
        extendedRangeSelectors,
        binopFillModifiers,
        ParserOptions.DEFAULT_MAX_BYTES,
        ParserOptions.DEFAULT_MAX_DEPTH);
  }
}
