// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.NearestKey;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.model.config.Setting;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Makes a config record from a YAML mapping and overrides. Components that are not given take
 * {@link Setting#defaultValue}; problems are collected rather than thrown one by one.
 */
final class RecordBinder {

  private final String file;
  private final List<ConfigProblem> problems;
  private final Map<String, String> overrides;
  private final Set<String> usedOverrides = new HashSet<>();

  /**
   * @param overrides dotted keys and values as given with {@code --set}
   */
  RecordBinder(String file, Map<String, String> overrides, List<ConfigProblem> problems) {
    this.file = file;
    this.overrides = overrides;
    this.problems = problems;
  }

  Set<String> usedOverrides() {
    return usedOverrides;
  }

  /**
   * @param path the dotted key of this record, empty for the top
   */
  <T extends Record> T bind(Class<T> type, @Nullable Node node, String path) {
    Map<String, NodeTuple> given = mapping(node, path);
    RecordComponent[] components = type.getRecordComponents();
    Set<String> known = new HashSet<>();
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = keyOf(components[i]);
      known.add(key);
      NodeTuple tuple = given.get(key);
      values[i] =
          component(components[i], tuple == null ? null : tuple.getValueNode(), join(path, key));
    }
    for (Map.Entry<String, NodeTuple> entry : given.entrySet()) {
      if (!known.contains(entry.getKey())) {
        String nearest = NearestKey.of(entry.getKey(), known);
        problem(
            entry.getValue().getKeyNode(),
            join(path, entry.getKey()),
            "unknown key"
                + (nearest == null
                    ? "; known here: " + String.join(", ", known.stream().sorted().toList())
                    : "; did you mean " + nearest + "?"));
      }
    }
    return construct(type, node, path, values);
  }

  /**
   * The same record with other values of the keys that a tenant may have its own of.
   *
   * @param given takes the keys that are there, as {@code section.key}
   */
  <T extends Record> T override(
      T base, @Nullable Node node, String path, String section, Set<String> given) {
    return override(base, node, path, section, section, given);
  }

  /**
   * @param name of the section in what is above it
   * @param section its dotted key in a tenant's values
   */
  @SuppressWarnings("unchecked") // a record's class is that of its values
  private <T extends Record> T override(
      T base, @Nullable Node node, String path, String name, String section, Set<String> given) {
    Class<T> type = (Class<T>) base.getClass();
    String at = join(path, name);
    Map<String, NodeTuple> tuples = mapping(node, at);
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    Set<String> known = new HashSet<>();
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      values[i] = valueOf(component, base);
      String key = keyOf(component);
      NodeTuple tuple = tuples.remove(key);
      if (!component.getAnnotation(Setting.class).perTenant()) {
        if (tuple != null) {
          problem(
              tuple.getKeyNode(),
              join(at, key),
              "is the same for all tenants; set " + section + "." + key);
        }
        continue;
      }
      known.add(key);
      if (tuple != null && isSection(component)) {
        values[i] =
            override((Record) values[i], tuple.getValueNode(), at, key, section + "." + key, given);
      } else if (tuple != null) {
        given.add(section + "." + key);
        try {
          values[i] = fromNode(component, component.getType(), tuple.getValueNode(), join(at, key));
        } catch (IllegalArgumentException e) {
          problem(tuple.getValueNode(), join(at, key), String.valueOf(e.getMessage()));
        }
      }
    }
    tuples.forEach((key, tuple) -> {
      String nearest = NearestKey.of(key, known);
      problem(
          tuple.getKeyNode(),
          join(at, key),
          "unknown key"
              + (nearest == null
                  ? "; known here: " + String.join(", ", known.stream().sorted().toList())
                  : "; did you mean " + nearest + "?"));
    });
    try {
      return create(type, values);
    } catch (InvocationTargetException e) {
      if (node != null && e.getCause() instanceof IllegalArgumentException refused) {
        problem(node, at, String.valueOf(refused.getMessage()));
        return base;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static Object valueOf(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T extends Record> T create(Class<T> type, @Nullable Object[] values)
      throws ReflectiveOperationException {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    var constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private @Nullable Object component(RecordComponent component, @Nullable Node node, String path) {
    Class<?> type = component.getType();
    if (type.isRecord() && type != ByteSize.class) {
      return bind(type.asSubclass(Record.class), node, path);
    }
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(component + " carries no @Setting");
    }
    String override = overrides.get(path);
    if (override != null) {
      usedOverrides.add(path);
      try {
        return type == List.class ? listOf(component, override) : scalar(type, override);
      } catch (IllegalArgumentException e) {
        problems.add(new ConfigProblem("--set", path, String.valueOf(e.getMessage())));
      }
    } else if (node != null) {
      try {
        return fromNode(component, type, node, path);
      } catch (IllegalArgumentException e) {
        problem(node, path, String.valueOf(e.getMessage()));
      }
    }
    return type == List.class
        ? listOf(component, setting.defaultValue())
        : scalar(type, setting.defaultValue());
  }

  private Object fromNode(RecordComponent component, Class<?> type, Node node, String path) {
    if (type == List.class) {
      if (!(node instanceof SequenceNode sequence)) {
        throw new IllegalArgumentException("must be a list");
      }
      Class<?> elements = elementType(component);
      List<Object> list = new ArrayList<>();
      for (Node element : sequence.getValue()) {
        if (elements.isRecord()) {
          int before = problems.size();
          try {
            list.add(
                bind(elements.asSubclass(Record.class), element, path + "[" + list.size() + "]"));
          } catch (IllegalStateException e) {
            // Such a section has no default that could stand in; what is wrong was noted.
            if (problems.size() == before) {
              throw e;
            }
          }
        } else if (element instanceof ScalarNode value) {
          list.add(scalar(elements, value.getValue()));
        } else {
          throw new IllegalArgumentException("must be a list of plain values");
        }
      }
      return List.copyOf(list);
    }
    if (!(node instanceof ScalarNode value)) {
      throw new IllegalArgumentException("must be a plain value");
    }
    return scalar(type, value.getValue());
  }

  private static List<Object> listOf(RecordComponent component, String commaSeparated) {
    String inner = commaSeparated.trim();
    if (inner.startsWith("[") && inner.endsWith("]")) {
      inner = inner.substring(1, inner.length() - 1);
    }
    List<Object> list = new ArrayList<>();
    if (elementType(component).isRecord() && !inner.isBlank()) {
      throw new IllegalArgumentException("a list of sections stands in a file only");
    }
    for (String element : inner.split(",", -1)) {
      if (!element.isBlank()) {
        list.add(scalar(elementType(component), element.trim()));
      }
    }
    return List.copyOf(list);
  }

  /** Whether it is a section of its own and no value. */
  static boolean isSection(RecordComponent component) {
    return component.getType().isRecord() && component.getType() != ByteSize.class;
  }

  static Class<?> elementType(RecordComponent component) {
    return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
  }

  static Object scalar(Class<?> type, String text) {
    String trimmed = text.trim();
    if (type == String.class) {
      return text;
    }
    if (type == boolean.class) {
      return switch (trimmed.toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on" -> true;
        case "false", "no", "off", "" -> false;
        default -> throw new IllegalArgumentException("'" + text + "' is not true or false");
      };
    }
    if (type == Duration.class) {
      return trimmed.isEmpty() ? Duration.ZERO : PrometheusDuration.parse(trimmed);
    }
    if (type == ByteSize.class) {
      return trimmed.isEmpty() ? new ByteSize(0) : ByteSize.parse(trimmed);
    }
    if (type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (constant.toString().equalsIgnoreCase(trimmed)) {
          return constant;
        }
      }
      throw new IllegalArgumentException(
          "'" + text + "' is not one of " + Arrays.toString(type.getEnumConstants()));
    }
    try {
      if (type == int.class) {
        return trimmed.isEmpty() ? 0 : Integer.parseInt(trimmed);
      }
      if (type == long.class) {
        return trimmed.isEmpty() ? 0L : Long.parseLong(trimmed);
      }
      if (type == double.class) {
        return trimmed.isEmpty() ? 0.0 : Double.parseDouble(trimmed);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
    throw new IllegalStateException("config records cannot hold a " + type);
  }

  private <T extends Record> T construct(
      Class<T> type, @Nullable Node node, String path, @Nullable Object[] values) {
    try {
      return create(type, values);
    } catch (InvocationTargetException e) {
      boolean givenByUser =
          node != null || overrides.keySet().stream().anyMatch(key -> key.startsWith(path));
      if (givenByUser && e.getCause() instanceof IllegalArgumentException refused) {
        if (node != null) {
          problem(node, path, String.valueOf(refused.getMessage()));
        } else {
          problems.add(new ConfigProblem("--set", path, String.valueOf(refused.getMessage())));
        }
        return new RecordBinder(file, Map.of(), new ArrayList<>()).bind(type, null, path);
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, NodeTuple> mapping(@Nullable Node node, String path) {
    Map<String, NodeTuple> tuples = new LinkedHashMap<>();
    if (node == null || (node instanceof ScalarNode scalar && scalar.getValue().isEmpty())) {
      return tuples;
    }
    if (!(node instanceof MappingNode mapping)) {
      problem(node, path, "must be a section with keys");
      return tuples;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        tuples.put(key.getValue(), tuple);
      } else {
        problem(tuple.getKeyNode(), path, "a key must be a plain word");
      }
    }
    return tuples;
  }

  private void problem(Node node, String path, String message) {
    String where = node.getStartMark().map(mark -> file + ":" + (mark.getLine() + 1)).orElse(file);
    problems.add(new ConfigProblem(where, path, message));
  }

  /** A component's name as it is written in YAML: snake_case. */
  static String keyOf(RecordComponent component) {
    StringBuilder key = new StringBuilder();
    for (char c : component.getName().toCharArray()) {
      if (Character.isUpperCase(c)) {
        key.append('_').append(Character.toLowerCase(c));
      } else {
        key.append(c);
      }
    }
    return key.toString();
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
