// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stages that make texts: {@code output}, {@code template}, {@code replace}, {@code decolorize}. */
final class TextStages {

  private static final Pattern COLORS = LinearPatterns.compile("\\x1b\\[[0-9;?]*[A-Za-z]");

  private TextStages() {}

  static Stage.Factory output(YamlMapping yaml) throws ConfigException {
    String source = yaml.requiredText("source");
    return Stage.Factory.of((entry, next) -> {
      String text = entry.text(source);
      if (text != null) {
        entry.line = text;
      }
      next.accept(entry);
    });
  }

  static Stage.Factory template(YamlMapping yaml) throws ConfigException {
    String source = yaml.requiredText("source");
    TextTemplate template = parsed(yaml, "template", yaml.requiredText("template"));
    return Stage.Factory.of((entry, next) -> {
      String value = entry.text(source);
      Map<String, @Nullable Object> data = new HashMap<>(entry.extracted);
      data.put("Value", value == null ? "" : value);
      data.put("Entry", entry.line);
      String text = template.apply(data);
      if (text.isEmpty()) {
        entry.extracted.remove(source);
      } else {
        entry.extracted.put(source, text);
      }
      next.accept(entry);
    });
  }

  static Stage.Factory replace(YamlMapping yaml) throws ConfigException {
    Pattern pattern = ExtractionStages.pattern(yaml, "expression");
    String source = yaml.text("source", "");
    TextTemplate template = parsed(yaml, "replace", yaml.text("replace", ""));
    if (pattern.groupCount() == 0) {
      throw yaml.error("the expression has no group; what groups match is replaced");
    }
    return Stage.Factory.of((entry, next) -> {
      String text = entry.source(source);
      if (text != null) {
        String replaced = replaced(entry, text, pattern, template);
        if (source.isEmpty()) {
          entry.line = replaced;
        } else {
          entry.extracted.put(source, replaced);
        }
      }
      next.accept(entry);
    });
  }

  private static String replaced(
      Entry entry, String text, Pattern pattern, TextTemplate template) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder out = new StringBuilder();
    int copied = 0;
    Map<String, @Nullable Object> data = new HashMap<>(entry.extracted);
    while (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        int from = matcher.start(group);
        if (from < copied) {
          continue;
        }
        String captured = matcher.group(group);
        data.put("Value", captured);
        String value = template.apply(data);
        out.append(text, copied, from).append(value);
        copied = matcher.end(group);
        for (Map.Entry<String, Integer> named : pattern.namedGroups().entrySet()) {
          if (named.getValue() == group) {
            entry.extracted.put(named.getKey(), value);
          }
        }
      }
    }
    return out.append(text, copied, text.length()).toString();
  }

  static Stage.Factory decolorize() {
    return Stage.Factory.of((entry, next) -> {
      if (entry.line.indexOf('\u001b') >= 0) {
        entry.line = COLORS.matcher(entry.line).replaceAll("");
      }
      next.accept(entry);
    });
  }

  private static TextTemplate parsed(YamlMapping yaml, String key, String text)
      throws ConfigException {
    try {
      return TextTemplate.parse(text);
    } catch (IllegalArgumentException e) {
      throw yaml.error(key + ": " + e.getMessage());
    }
  }
}
