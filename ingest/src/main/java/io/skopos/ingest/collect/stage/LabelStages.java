// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stages that change labels, structured metadata and whose entry it is. */
final class LabelStages {

  private LabelStages() {}

  /** {@code labels}: name, and where its value was taken; the same name when nothing is given. */
  static Stage.Factory labels(YamlMapping yaml) throws ConfigException {
    Map<String, String> sources = sources(yaml);
    return Stage.Factory.of((entry, next) -> {
      sources.forEach((name, source) -> {
        String value = entry.text(source);
        if (value != null) {
          put(entry.labels, name, value);
        }
      });
      next.accept(entry);
    });
  }

  static Stage.Factory structuredMetadata(YamlMapping yaml) throws ConfigException {
    Map<String, String> sources = sources(yaml);
    return Stage.Factory.of((entry, next) -> {
      sources.forEach((name, source) -> {
        String value = entry.text(source);
        if (value != null && !value.isEmpty()) {
          entry.metadata(name, value);
          // A label of that name becomes metadata, as Promtail has it.
          entry.labels.remove(name);
        }
      });
      next.accept(entry);
    });
  }

  static Stage.Factory labelDrop(YamlValue yaml) throws ConfigException {
    Set<String> names = Set.copyOf(yaml.texts());
    return Stage.Factory.of((entry, next) -> {
      entry.labels.keySet().removeAll(names);
      next.accept(entry);
    });
  }

  static Stage.Factory labelAllow(YamlValue yaml) throws ConfigException {
    Set<String> names = Set.copyOf(yaml.texts());
    return Stage.Factory.of((entry, next) -> {
      entry.labels.keySet().retainAll(names);
      next.accept(entry);
    });
  }

  static Stage.Factory metadataDrop(YamlValue yaml) throws ConfigException {
    Set<String> names = Set.copyOf(yaml.texts());
    return Stage.Factory.of((entry, next) -> {
      if (entry.metadata != null) {
        entry.metadata.keySet().removeAll(names);
      }
      next.accept(entry);
    });
  }

  static Stage.Factory staticLabels(YamlMapping yaml) throws ConfigException {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, YamlValue> label : yaml.all().entrySet()) {
      values.put(label.getKey(), label.getValue().text());
    }
    return Stage.Factory.of((entry, next) -> {
      values.forEach((name, value) -> put(entry.labels, name, value));
      next.accept(entry);
    });
  }

  static Stage.Factory tenant(YamlMapping yaml) throws ConfigException {
    String source = yaml.text("source", "");
    String value = yaml.text("value", "");
    String label = yaml.text("label", "");
    if ((source.isEmpty() ? 0 : 1) + (value.isEmpty() ? 0 : 1) + (label.isEmpty() ? 0 : 1) != 1) {
      throw yaml.error("the tenant stage needs one of source, label and value");
    }
    return Stage.Factory.of((entry, next) -> {
      @Nullable String tenant =
          !value.isEmpty()
              ? value
              : source.isEmpty() ? entry.labels.get(label) : entry.text(source);
      if (tenant != null && !tenant.isEmpty()) {
        entry.tenant = tenant;
      }
      next.accept(entry);
    });
  }

  private static Map<String, String> sources(YamlMapping yaml) throws ConfigException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (Map.Entry<String, YamlValue> label : yaml.all().entrySet()) {
      String source = label.getValue().text();
      sources.put(label.getKey(), source.isEmpty() ? label.getKey() : source);
    }
    if (sources.isEmpty()) {
      throw yaml.error("names no label");
    }
    return sources;
  }

  private static void put(Map<String, String> labels, String name, String value) {
    if (value.isEmpty()) {
      labels.remove(name);
    } else {
      labels.put(name, value);
    }
  }

  /** {@code pack}: labels move into the line, which becomes JSON. */
  static Stage.Factory pack(YamlMapping yaml, InstantSource clock) throws ConfigException {
    List<String> names = yaml.texts("labels");
    boolean ingestTimestamp = yaml.flag("ingest_timestamp", true);
    return Stage.Factory.of((entry, next) -> {
      Map<String, String> packed = new LinkedHashMap<>();
      for (String name : names) {
        String value = entry.labels.remove(name);
        if (value == null) {
          value = entry.text(name);
        }
        if (value != null) {
          packed.put(name, value);
        }
      }
      packed.put("_entry", entry.line);
      entry.line = JsonText.object(packed);
      if (ingestTimestamp) {
        entry.timeNs = clock.millis() * 1_000_000L + entry.from % 1_000_000L;
      }
      next.accept(entry);
    });
  }
}
