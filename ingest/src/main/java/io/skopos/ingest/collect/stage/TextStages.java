// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.logs.language.pipeline.template.Template;
import io.skopos.logs.language.pipeline.template.TemplateData;
import io.skopos.logs.language.pipeline.template.TemplateFailed;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Stages that make texts: {@code output}, {@code template}, {@code replace}, {@code decolorize}.
 */
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

  /** What was taken from an entry, and the value at hand. */
  private record Data(Entry entry, String value) implements TemplateData {

    @Override
    public @Nullable String get(String name) {
      return switch (name) {
        case "Value" -> value;
        case "Entry" -> entry.line;
        default -> entry.text(name);
      };
    }

    @Override
    public Map<String, String> all() {
      Map<String, String> all = new TreeMap<>();
      for (String name : entry.extracted.keySet()) {
        String text = entry.text(name);
        if (text != null) {
          all.put(name, text);
        }
      }
      all.put("Value", value);
      return all;
    }

    @Override
    public String line() {
      return entry.line;
    }

    @Override
    public long timeNs() {
      return entry.timeNs;
    }
  }

  static Stage.Factory template(YamlMapping yaml) throws ConfigException {
    String source = yaml.requiredText("source");
    String text = checked(yaml, "template", yaml.requiredText("template"));
    return () -> {
      Template template = Template.parse("template", text);
      return (entry, next) -> {
        String value = entry.text(source);
        String made = run(template, new Data(entry, value == null ? "" : value));
        if (made != null) {
          if (made.isEmpty()) {
            entry.extracted.remove(source);
          } else {
            entry.extracted.put(source, made);
          }
        }
        next.accept(entry);
      };
    };
  }

  static Stage.Factory replace(YamlMapping yaml) throws ConfigException {
    Pattern pattern = ExtractionStages.pattern(yaml, "expression");
    String source = yaml.text("source", "");
    String text = checked(yaml, "replace", yaml.text("replace", ""));
    if (pattern.groupCount() == 0) {
      throw yaml.error("the expression has no group; what groups match is replaced");
    }
    return () -> {
      Template template = Template.parse("replace", text);
      return (entry, next) -> {
        String before = entry.source(source);
        if (before != null) {
          String replaced = replaced(entry, before, pattern, template);
          if (source.isEmpty()) {
            entry.line = replaced;
          } else {
            entry.extracted.put(source, replaced);
          }
        }
        next.accept(entry);
      };
    };
  }

  private static String replaced(Entry entry, String text, Pattern pattern, Template template) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder out = new StringBuilder();
    int copied = 0;
    while (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        int from = matcher.start(group);
        if (from < copied) {
          continue;
        }
        String captured = matcher.group(group);
        String value = run(template, new Data(entry, captured));
        out.append(text, copied, from).append(value == null ? captured : value);
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

  /** Null when the template cannot go on. */
  private static @Nullable String run(Template template, TemplateData data) {
    try {
      return template.run(data).toString();
    } catch (TemplateFailed e) {
      return null;
    }
  }

  private static String checked(YamlMapping yaml, String key, String text) throws ConfigException {
    try {
      Template.parse(key, text);
      return text;
    } catch (TemplateFailed e) {
      throw yaml.error(key + ": " + e.getMessage());
    }
  }
}
