// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.yaml;

import io.skopos.model.config.NearestKey;
import io.skopos.model.config.PrometheusDuration;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A mapping whose keys are taken one by one; {@link #done} refuses those nobody took. {@code <<}
 * merges another mapping in, as YAML 1.1 does.
 */
public final class YamlMapping {

  private final YamlValue self;
  private final Map<String, YamlValue> values = new LinkedHashMap<>();
  private final Set<String> known = new TreeSet<>();

  YamlMapping(YamlValue self, String document, String path, List<NodeTuple> tuples)
      throws ConfigException {
    this.self = self;
    List<MappingNode> merged = new ArrayList<>();
    for (NodeTuple tuple : tuples) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw self.error("a key must be a single word");
      }
      if (key.getValue().equals("<<") && tuple.getValueNode() instanceof MappingNode other) {
        merged.add(other);
      } else {
        put(document, path, key, tuple);
      }
    }
    for (MappingNode other : merged) {
      for (NodeTuple tuple : other.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key && !values.containsKey(key.getValue())) {
          put(document, path, key, tuple);
        }
      }
    }
  }

  private void put(String document, String path, ScalarNode key, NodeTuple tuple)
      throws ConfigException {
    String childPath = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
    YamlValue value = new YamlValue(document, childPath, tuple.getValueNode());
    if (values.put(key.getValue(), value) != null) {
      throw self.error("the key '" + key.getValue() + "' stands there twice");
    }
  }

  /** All keys, for mappings whose keys are data; they count as taken. */
  public Map<String, YamlValue> all() {
    known.addAll(values.keySet());
    return values;
  }

  /** The value, or null when the key is absent. */
  public @Nullable YamlValue get(String key) {
    known.add(key);
    return values.get(key);
  }

  public boolean has(String key) {
    return get(key) != null;
  }

  public <T> T read(String key, Function<String, T> parser, T absent) throws ConfigException {
    YamlValue value = get(key);
    return value == null || value.isNull() ? absent : value.as(parser);
  }

  public String text(String key, String absent) throws ConfigException {
    YamlValue value = get(key);
    return value == null ? absent : value.text();
  }

  public boolean flag(String key, boolean absent) throws ConfigException {
    return read(key, YamlMapping::parseFlag, absent);
  }

  public int count(String key, int absent) throws ConfigException {
    return read(key, YamlMapping::parseCount, absent);
  }

  public Duration duration(String key, Duration absent) throws ConfigException {
    return read(key, PrometheusDuration::parse, absent);
  }

  public List<YamlValue> list(String key) throws ConfigException {
    YamlValue value = get(key);
    return value == null ? List.of() : value.list();
  }

  public List<String> texts(String key) throws ConfigException {
    YamlValue value = get(key);
    return value == null ? List.of() : value.texts();
  }

  /** A text that must be there. */
  public String requiredText(String key) throws ConfigException {
    String value = text(key, "");
    if (value.isEmpty()) {
      throw error(key + " is missing");
    }
    return value;
  }

  /** An http or https URL that must be there. */
  public URI httpUrl(String key) throws ConfigException {
    String text = requiredText(key);
    try {
      URI url = URI.create(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw error(key + " '" + text + "' is not a URL");
    }
    throw error(key + " '" + text + "' is not an http URL");
  }

  /** A nested mapping, or null when the key is absent. */
  public @Nullable YamlMapping child(String key) throws ConfigException {
    YamlValue value = get(key);
    return value == null ? null : value.mapping();
  }

  /** Takes a key that means something to Prometheus but nothing here yet. */
  public void notBuiltYet(Notices notices, String... keys) {
    for (String key : keys) {
      YamlValue value = get(key);
      if (value != null) {
        notices.notBuiltYet(value);
      }
    }
  }

  public ConfigException error(String problem) {
    return self.error(problem);
  }

  /** Refuses keys that were never asked for. */
  public void done() throws ConfigException {
    for (Map.Entry<String, YamlValue> entry : values.entrySet()) {
      if (!known.contains(entry.getKey())) {
        String nearest = NearestKey.of(entry.getKey(), known);
        throw entry
            .getValue()
            .error(
                "unknown key '"
                    + entry.getKey()
                    + "'"
                    + (nearest == null
                        ? "; known are " + String.join(", ", known)
                        : "; did you mean '" + nearest + "'?"));
      }
    }
  }

  private static boolean parseFlag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "y" -> true;
      case "false", "no", "off", "n" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  private static int parseCount(String text) {
    try {
      int count = Integer.parseInt(text);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
    throw new IllegalArgumentException("'" + text + "' is negative");
  }
}
