// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.model.TenantId;
import io.skopos.model.config.NearestKey;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads tenants' own values: the section {@code overrides} and the file that {@code overrides_file}
 * names, which holds the same, with or without the key {@code overrides} above it. A tenant in both
 * has the values of both; of one key the file's wins.
 */
final class OverridesReader {

  private static final Set<String> SECTIONS = Set.of("intake", "query", "logs", "retention", "ha");

  private final SkoposConfig config;
  private final List<ConfigProblem> problems;
  private final Map<TenantId, TenantOverrides> tenants = new TreeMap<>();

  OverridesReader(SkoposConfig config, List<ConfigProblem> problems) {
    this.config = config;
    this.problems = problems;
  }

  Map<TenantId, TenantOverrides> tenants() {
    return Map.copyOf(tenants);
  }

  /** Null when {@code overrides_file} is not given. */
  static @Nullable Path file(@Nullable NodeTuple section, Path directory) {
    return section != null
            && section.getValueNode() instanceof ScalarNode file
            && !file.getValue().isBlank()
        ? directory.resolve(file.getValue())
        : null;
  }

  void readFile(Path file) {
    try {
      YamlText yaml = YamlText.read(file);
      NodeTuple wrapped = yaml.sections().get("overrides");
      if (wrapped != null && yaml.sections().size() == 1) {
        read(yaml.file(), wrapped.getValueNode());
      } else {
        for (NodeTuple tenant : yaml.sections().values()) {
          readTenant(yaml.file(), tenant);
        }
      }
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
  }

  void read(String file, Node section) {
    switch (section) {
      case MappingNode mapping -> mapping.getValue().forEach(tenant -> readTenant(file, tenant));
      case ScalarNode scalar when scalar.getValue().isEmpty() -> {}
      default -> problem(file, section, "overrides", "must be a section with a key per tenant");
    }
  }

  private void readTenant(String file, NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problem(file, tuple.getKeyNode(), "overrides", "a key must be a plain word");
      return;
    }
    TenantId tenant;
    try {
      tenant = new TenantId(key.getValue());
    } catch (IllegalArgumentException e) {
      problem(file, key, "overrides", String.valueOf(e.getMessage()));
      return;
    }
    String path = "overrides." + tenant;
    Map<String, @Nullable Node> sections = new TreeMap<>();
    switch (tuple.getValueNode()) {
      case MappingNode mapping -> {
        for (NodeTuple section : mapping.getValue()) {
          String name =
              section.getKeyNode() instanceof ScalarNode word ? word.getValue() : "(no word)";
          if (SECTIONS.contains(name)) {
            sections.put(name, section.getValueNode());
          } else {
            String nearest = NearestKey.of(name, SECTIONS);
            problem(
                file,
                section.getKeyNode(),
                path + "." + name,
                "unknown key; known here: intake, query, logs, retention, ha"
                    + (nearest == null ? "" : "; did you mean " + nearest + "?"));
          }
        }
      }
      case ScalarNode scalar when scalar.getValue().isEmpty() -> {}
      default -> problem(file, tuple.getValueNode(), path, "must be a section with keys");
    }
    TenantOverrides before = tenants.getOrDefault(tenant, TenantOverrides.none(config));
    Set<String> given = new HashSet<>(before.given());
    RecordBinder binder = new RecordBinder(file, Map.of(), problems);
    tenants.put(
        tenant,
        new TenantOverrides(
            binder.override(before.intake(), sections.get("intake"), path, "intake", given),
            binder.override(before.query(), sections.get("query"), path, "query", given),
            binder.override(before.logs(), sections.get("logs"), path, "logs", given),
            binder.override(
                before.retention(), sections.get("retention"), path, "retention", given),
            binder.override(before.ha(), sections.get("ha"), path, "ha", given),
            Set.copyOf(given)));
  }

  private void problem(String file, Node node, String path, String message) {
    String where = node.getStartMark().map(mark -> file + ":" + (mark.getLine() + 1)).orElse(file);
    problems.add(new ConfigProblem(where, path, message));
  }
}
