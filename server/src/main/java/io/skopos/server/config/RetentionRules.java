// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.logs.language.LogqlQuery;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.StorageConfig;
import java.util.List;
import java.util.Map;

/** Reads the selectors of retention rules, each in its signal's language. */
public final class RetentionRules {

  private static final PromqlParser PARSER = new PromqlParser(ParserOptions.ALL);

  private RetentionRules() {}

  static void check(
      SkoposConfig config, Map<TenantId, TenantOverrides> overrides, List<ConfigProblem> problems) {
    check(config.storage().retention(), "storage.retention.rules", problems);
    overrides.forEach((tenant, own) -> {
      if (own.given().contains("retention.rules")) {
        check(own.retention(), "overrides." + tenant + ".retention.rules", problems);
      }
    });
  }

  private static void check(
      StorageConfig.Retention retention, String path, List<ConfigProblem> problems) {
    for (StorageConfig.Retention.Rule rule : retention.rules()) {
      try {
        matchers(rule);
      } catch (IllegalArgumentException e) {
        problems.add(
            new ConfigProblem(
                "", path, "the selector '" + rule.selector() + "': " + e.getMessage()));
      }
    }
  }

  /**
   * A selector's conditions.
   *
   * @throws IllegalArgumentException when it is none; they are checked when the config is read
   */
  public static List<Matcher> matchers(StorageConfig.Retention.Rule rule) {
    try {
      return rule.signal() == Signal.LOGS
          ? LogqlQuery.parseMatchers(rule.selector())
          : PARSER.parseSelector(rule.selector());
    } catch (ParseFailed | io.skopos.logs.language.parse.ParseFailed e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
