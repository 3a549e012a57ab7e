// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.ingest.collect.config.CollectConfig;
import io.skopos.ingest.collect.stage.StageParser;
import io.skopos.ingest.scrape.config.PrometheusConfig;
import io.skopos.model.config.NearestKey;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a config file: our own sections into {@link SkoposConfig}, Prometheus' into the scraper's
 * config. One file holds both, so a {@code prometheus.yml} is a valid {@code skopos.yml}.
 */
public final class ConfigLoader {

  /** Sections that the scraper's config reads, or names as not built yet. */
  private static final Set<String> PROMETHEUS =
      Set.of(
          "global",
          "scrape_configs",
          "scrape_config_files",
          "rule_files",
          "alerting",
          "remote_write",
          "remote_read",
          "tracing",
          "otlp",
          "runtime");

  /** Prometheus' keys below {@code storage}, which is our section too. */
  private static final Set<String> PROMETHEUS_STORAGE = Set.of("tsdb", "exemplars");

  /** Below {@code collect}, read as Promtail's. */
  private static final Set<String> JOBS = Set.of("scrape_configs");

  private ConfigLoader() {}

  /**
   * @param file null for the defaults alone
   * @param overrides dotted keys of our own sections, as given with {@code --set}
   * @throws ConfigException naming everything that must change
   */
  public static LoadedConfig load(@Nullable Path file, Map<String, String> overrides)
      throws ConfigException {
    YamlText yaml = file == null ? YamlText.empty() : YamlText.read(file);
    Path directory =
        file == null || file.toAbsolutePath().getParent() == null
            ? Path.of("")
            : file.toAbsolutePath().getParent();
    return read(yaml, directory, overrides);
  }

  static LoadedConfig read(YamlText yaml, Path directory, Map<String, String> overrides)
      throws ConfigException {
    List<ConfigProblem> problems = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    List<NodeTuple> own = new ArrayList<>();
    Set<String> ownNames = new HashSet<>();
    for (Map.Entry<String, NodeTuple> section : yaml.sections().entrySet()) {
      String name = section.getKey();
      if (PROMETHEUS.contains(name)) {
        continue;
      }
      ownNames.add(name);
      if (name.equals("overrides") || name.equals("overrides_file")) {
        continue;
      }
      own.add(
          switch (name) {
            case "storage" -> withoutPrometheusKeys(section.getValue(), yaml, notices);
            case "collect" -> without(JOBS, section.getValue());
            default -> section.getValue();
          });
    }
    RecordBinder binder = new RecordBinder(yaml.file(), overrides, problems);
    SkoposConfig config =
        binder.bind(SkoposConfig.class, new MappingNode(Tag.MAP, own, FlowStyle.BLOCK), "");
    Set<String> unused = new TreeSet<>(overrides.keySet());
    unused.removeAll(binder.usedOverrides());
    Set<String> keys = ConfigReference.keys(SkoposConfig.class);
    for (String key : unused) {
      String nearest = NearestKey.of(key, keys);
      problems.add(
          new ConfigProblem(
              "--set",
              key,
              "unknown key" + (nearest == null ? "" : "; did you mean " + nearest + "?")));
    }
    OverridesReader tenants = new OverridesReader(config, problems);
    NodeTuple section = yaml.sections().get("overrides");
    if (section != null) {
      tenants.read(yaml.file(), section.getValueNode());
    }
    Path overridesFile = OverridesReader.file(yaml.sections().get("overrides_file"), directory);
    if (overridesFile != null) {
      tenants.readFile(overridesFile);
    }
    RetentionRules.check(config, tenants.tenants(), problems);
    PrometheusConfig prometheus = PrometheusConfig.EMPTY;
    try {
      prometheus = PrometheusConfig.parse(yaml.file(), yaml.text(), directory, ownNames);
      notices.addAll(prometheus.notices());
    } catch (io.skopos.ingest.yaml.ConfigException e) {
      problems.add(new ConfigProblem("", "", String.valueOf(e.getMessage())));
    }
    CollectConfig collect = CollectConfig.EMPTY;
    try {
      collect =
          CollectConfig.parse(
              yaml.file(),
              yaml.text(),
              directory,
              config.collect().promtailFiles(),
              new StageParser(InstantSource.system(), System::nanoTime));
      notices.addAll(collect.notices());
    } catch (io.skopos.ingest.yaml.ConfigException e) {
      problems.add(new ConfigProblem("", "", String.valueOf(e.getMessage())));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new LoadedConfig(
        config,
        prometheus,
        collect,
        tenants.tenants(),
        overridesFile,
        yaml.file(),
        yaml.text(),
        List.copyOf(notices));
  }

  private static NodeTuple without(Set<String> keys, NodeTuple section) {
    if (!(section.getValueNode() instanceof MappingNode mapping)) {
      return section;
    }
    List<NodeTuple> kept = new ArrayList<>(mapping.getValue());
    kept.removeIf(
        tuple -> tuple.getKeyNode() instanceof ScalarNode key && keys.contains(key.getValue()));
    return with(section, mapping, kept);
  }

  private static NodeTuple with(NodeTuple section, MappingNode mapping, List<NodeTuple> kept) {
    return new NodeTuple(
        section.getKeyNode(),
        new MappingNode(
            Tag.MAP, true, kept, FlowStyle.BLOCK, mapping.getStartMark(), mapping.getEndMark()));
  }

  private static NodeTuple withoutPrometheusKeys(
      NodeTuple section, YamlText yaml, List<String> notices) {
    if (!(section.getValueNode() instanceof MappingNode mapping)) {
      return section;
    }
    List<NodeTuple> kept = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      if (key instanceof ScalarNode scalar && PROMETHEUS_STORAGE.contains(scalar.getValue())) {
        String where =
            key.getStartMark()
                .map(mark -> yaml.file() + ":" + (mark.getLine() + 1))
                .orElse(yaml.file());
        notices.add(
            where
                + ": storage."
                + scalar.getValue()
                + ": a key of Prometheus' own storage; it does nothing");
      } else {
        kept.add(tuple);
      }
    }
    return with(section, mapping, kept);
  }
}
