// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import com.google.re2j.Pattern;
import io.skopos.ingest.json.JsonValue;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import io.skopos.logs.language.pipeline.text.LogfmtText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stages that take something from the line: {@code json}, {@code logfmt}, {@code regex}. */
final class ExtractionStages {

  private ExtractionStages() {}

  static Stage.Factory json(YamlMapping yaml) throws ConfigException {
    Map<String, JsonPath> paths = new LinkedHashMap<>();
    for (Map.Entry<String, YamlValue> one : required(yaml, "expressions").all().entrySet()) {
      String expression = one.getValue().text();
      // A name alone may be any text, also one that is no JMESPath.
      paths.put(
          one.getKey(),
          expression.isEmpty()
              ? new JsonPath(List.of(one.getKey()))
              : one.getValue().as(JsonPath::parse));
    }
    String source = yaml.text("source", "");
    boolean dropMalformed = yaml.flag("drop_malformed", false);
    return Stage.Factory.of((entry, next) -> {
      String text = entry.source(source);
      if (text != null) {
        try {
          JsonValue root = JsonValue.parse(text);
          if (!root.isObject()) {
            throw new IllegalArgumentException("no object");
          }
          paths.forEach((name, path) -> take(entry, name, path.of(root)));
        } catch (JsonValue.Malformed | IllegalArgumentException e) {
          if (dropMalformed) {
            return;
          }
        }
      }
      next.accept(entry);
    });
  }

  private static void take(Entry entry, String name, JsonValue value) {
    if (value.isMissing()) {
      entry.extracted.remove(name);
    } else {
      entry.extracted.put(name, value.isObject() || value.isList() ? value.json() : value.text());
    }
  }

  static Stage.Factory logfmt(YamlMapping yaml) throws ConfigException {
    Map<String, String> targets = new LinkedHashMap<>();
    for (Map.Entry<String, YamlValue> one : required(yaml, "mapping").all().entrySet()) {
      String field = one.getValue().text();
      targets.put(field.isEmpty() ? one.getKey() : field, one.getKey());
    }
    String source = yaml.text("source", "");
    return Stage.Factory.of((entry, next) -> {
      String text = entry.source(source);
      if (text != null) {
        logfmt(entry, text, targets);
      }
      next.accept(entry);
    });
  }

  /** Bad pairs are left out, those behind them are not. */
  private static void logfmt(Entry entry, String text, Map<String, String> targets) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    LogfmtText pairs = new LogfmtText();
    pairs.reset(bytes, 0, bytes.length);
    while (!pairs.atEnd()) {
      if (pairs.next()) {
        String target =
            targets.get(new String(bytes, pairs.keyFrom, pairs.keyLength, StandardCharsets.UTF_8));
        if (target != null) {
          entry.extracted.put(
              target,
              new String(pairs.value, pairs.valueFrom, pairs.valueLength, StandardCharsets.UTF_8));
        }
      }
    }
  }

  static Stage.Factory regex(YamlMapping yaml) throws ConfigException {
    StageRegex regex = regex(yaml, "expression");
    String source = yaml.text("source", "");
    boolean labels = yaml.flag("labels_from_groups", false);
    if (regex.namedGroups().isEmpty()) {
      throw yaml.error("the expression has no named group, (?P<name>...)");
    }
    return () -> {
      StageRegex.Finder finder = regex.finder();
      return (entry, next) -> {
        String text = entry.source(source);
        if (text != null && finder.find(text)) {
          regex
              .namedGroups()
              .forEach((name, group) -> {
                String value = finder.group(group);
                entry.extracted.put(name, value == null ? "" : value);
                if (labels && value != null) {
                  entry.labels.put(name, value);
                }
              });
        }
        next.accept(entry);
      };
    };
  }

  static YamlMapping required(YamlMapping yaml, String key) throws ConfigException {
    @Nullable YamlMapping child = yaml.child(key);
    if (child == null) {
      throw yaml.error(key + " is missing");
    }
    return child;
  }

  static StageRegex regex(YamlMapping yaml, String key) throws ConfigException {
    yaml.requiredText(key);
    return yaml.read(key, StageRegex::compile, StageRegex.compile(""));
  }

  static Pattern pattern(YamlMapping yaml, String key) throws ConfigException {
    String text = yaml.requiredText(key);
    return yaml.read(key, LinearPatterns::compile, LinearPatterns.compile(""));
  }
}
