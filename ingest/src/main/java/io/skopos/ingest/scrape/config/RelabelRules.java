// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.relabel.RelabelAction;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code relabel_configs} and {@code metric_relabel_configs}. */
public final class RelabelRules {

  private RelabelRules() {}

  public static List<RelabelRule> parse(List<YamlValue> values) throws ConfigException {
    List<RelabelRule> rules = new ArrayList<>();
    for (YamlValue value : values) {
      YamlMapping yaml = value.mapping();
      List<String> sources = yaml.texts("source_labels");
      String separator = yaml.text("separator", RelabelRule.DEFAULT_SEPARATOR);
      String regex = yaml.text("regex", RelabelRule.DEFAULT_REGEX);
      long modulus = yaml.read("modulus", RelabelRules::modulus, 0L);
      String target = yaml.text("target_label", "");
      String replacement = yaml.text("replacement", RelabelRule.DEFAULT_REPLACEMENT);
      RelabelAction action = yaml.read("action", RelabelAction::parse, RelabelAction.REPLACE);
      yaml.done();
      try {
        rules.add(new RelabelRule(sources, separator, regex, modulus, target, replacement, action));
      } catch (IllegalArgumentException e) {
        throw yaml.error(String.valueOf(e.getMessage()));
      }
    }
    return rules;
  }

  private static long modulus(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
  }
}
