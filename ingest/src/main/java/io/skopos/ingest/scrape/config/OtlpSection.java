// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.otlp.OtlpSettings;
import io.skopos.ingest.otlp.TranslationStrategy;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code otlp}. */
final class OtlpSection {

  private OtlpSection() {}

  static OtlpSettings parse(@Nullable YamlMapping yaml) throws ConfigException {
    OtlpSettings absent = OtlpSettings.DEFAULT;
    if (yaml == null) {
      return absent;
    }
    boolean all = yaml.flag("promote_all_resource_attributes", false);
    List<String> promoted = attributes(yaml, "promote_resource_attributes");
    List<String> ignored = attributes(yaml, "ignore_resource_attributes");
    if (all && !promoted.isEmpty()) {
      throw yaml.error(
          "promote_all_resource_attributes and promote_resource_attributes exclude each other");
    }
    if (!all && !ignored.isEmpty()) {
      throw yaml.error(
          "ignore_resource_attributes needs promote_all_resource_attributes: true beside it");
    }
    OtlpSettings settings =
        new OtlpSettings(
            yaml.read(
                "translation_strategy", TranslationStrategy::parse, absent.translationStrategy()),
            promoted,
            all,
            ignored,
            yaml.flag("keep_identifying_resource_attributes", false),
            yaml.flag("convert_histograms_to_nhcb", false),
            yaml.flag("promote_scope_metadata", false),
            yaml.flag("label_name_underscore_sanitization", true),
            yaml.flag("label_name_preserve_multiple_underscores", true));
    yaml.done();
    return settings;
  }

  private static List<String> attributes(YamlMapping yaml, String key) throws ConfigException {
    List<String> names = yaml.texts(key).stream().map(String::strip).toList();
    if (names.contains("")) {
      throw yaml.error(key + " has an empty name");
    }
    if (names.stream().distinct().count() != names.size()) {
      throw yaml.error(key + " has a name twice");
    }
    return names;
  }
}
