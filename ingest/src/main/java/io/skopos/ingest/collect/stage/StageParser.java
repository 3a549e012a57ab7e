// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import io.skopos.model.config.NearestKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads {@code pipeline_stages}: a list of mappings with one key each, the stage's name. */
public final class StageParser {

  private static final int MAX_DEPTH = 10;

  private static final Set<String> NAMES =
      new TreeSet<>(
          List.of(
              "cri",
              "decolorize",
              "docker",
              "drop",
              "json",
              "labelallow",
              "labeldrop",
              "labels",
              "limit",
              "logfmt",
              "match",
              "metrics",
              "multiline",
              "output",
              "pack",
              "regex",
              "replace",
              "sampling",
              "static_labels",
              "structured_metadata",
              "structured_metadata_drop",
              "template",
              "tenant",
              "timestamp"));

  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime as {@code System.nanoTime}
   */
  public StageParser(InstantSource clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Null reads as no stages. */
  public Stages parse(@Nullable YamlValue yaml, Notices notices) throws ConfigException {
    return yaml == null ? Stages.NONE : parse(yaml, notices, 0);
  }

  private Stages parse(YamlValue yaml, Notices notices, int depth) throws ConfigException {
    if (depth > MAX_DEPTH) {
      throw yaml.error("stages are nested too deeply");
    }
    List<Stage.Factory> factories = new ArrayList<>();
    Stages.Container container = Stages.Container.NONE;
    boolean givesTime = false;
    int position = 0;
    for (YamlValue item : yaml.list()) {
      position++;
      Map<String, YamlValue> keys = item.mapping().all();
      if (keys.size() != 1) {
        throw item.error("stage " + position + " must have one key, the stage's name");
      }
      Map.Entry<String, YamlValue> stage = keys.entrySet().iterator().next();
      String name = stage.getKey();
      givesTime |= List.of("timestamp", "docker", "cri", "pack", "match").contains(name);
      boolean wraps = name.equals("docker") || name.equals("cri");
      if (wraps && position == 1 && depth == 0) {
        container = name.equals("cri") ? Stages.Container.CRI : Stages.Container.DOCKER;
        readNothing(name, stage.getValue());
      } else if (name.equals("metrics")) {
        stage.getValue().notBuiltYet(notices);
      } else {
        factories.add(stage(name, stage.getValue(), position, notices, depth));
      }
    }
    return new Stages(factories, container, givesTime);
  }

  private Stage.Factory stage(
      String name, YamlValue value, int position, Notices notices, int depth)
      throws ConfigException {
    switch (name) {
      case "labeldrop" -> {
        return LabelStages.labelDrop(value);
      }
      case "labelallow" -> {
        return LabelStages.labelAllow(value);
      }
      case "structured_metadata_drop" -> {
        return LabelStages.metadataDrop(value);
      }
      case "cri", "docker" -> {
        readNothing(name, value);
        Stages.Container kind = name.equals("cri") ? Stages.Container.CRI : Stages.Container.DOCKER;
        return () -> new ContainerStage(kind);
      }
      case "decolorize" -> {
        return TextStages.decolorize();
      }
      default -> {
        YamlMapping yaml = value.mapping();
        Stage.Factory factory = mapped(name, yaml, value, position, notices, depth);
        yaml.done();
        return factory;
      }
    }
  }

  private Stage.Factory mapped(
      String name, YamlMapping yaml, YamlValue value, int position, Notices notices, int depth)
      throws ConfigException {
    return switch (name) {
      case "json" -> ExtractionStages.json(yaml);
      case "logfmt" -> ExtractionStages.logfmt(yaml);
      case "regex" -> ExtractionStages.regex(yaml);
      case "timestamp" -> TimestampStage.parse(yaml, clock);
      case "labels" -> LabelStages.labels(yaml);
      case "static_labels" -> LabelStages.staticLabels(yaml);
      case "structured_metadata" -> LabelStages.structuredMetadata(yaml);
      case "tenant" -> LabelStages.tenant(yaml);
      case "pack" -> LabelStages.pack(yaml, clock);
      case "output" -> TextStages.output(yaml);
      case "template" -> TextStages.template(yaml);
      case "replace" -> TextStages.replace(yaml);
      case "multiline" -> MultilineStage.parse(yaml, nanoTime);
      case "drop" -> DropStages.drop(yaml, clock);
      case "sampling" -> DropStages.sampling(yaml);
      case "limit" -> LimitStage.parse(yaml, nanoTime);
      case "match" -> match(yaml, notices, depth);
      default -> {
        String nearest = NearestKey.of(name, NAMES);
        throw value.error(
            "stage "
                + position
                + ", '"
                + name
                + "', is unknown"
                + (nearest == null
                    ? "; there are " + String.join(", ", NAMES)
                    : "; did you mean '" + nearest + "'?"));
      }
    };
  }

  private Stage.Factory match(YamlMapping yaml, Notices notices, int depth) throws ConfigException {
    yaml.requiredText("selector");
    EntrySelector selector = yaml.read("selector", EntrySelector::parse, EntrySelector.parse("{}"));
    String action = yaml.text("action", "keep");
    String reason = yaml.text("drop_counter_reason", "match_stage");
    yaml.get("pipeline_name");
    YamlValue stages = yaml.get("stages");
    if (action.equals("drop")) {
      if (stages != null && !stages.isNull()) {
        throw yaml.error("a match stage that drops has no stages");
      }
      return Stage.Factory.of((entry, next) -> {
        if (selector.test(entry)) {
          next.dropped(reason);
        } else {
          next.accept(entry);
        }
      });
    }
    if (!action.equals("keep")) {
      throw yaml.error("action '" + action + "' is neither keep nor drop");
    }
    if (stages == null || stages.list().isEmpty()) {
      throw yaml.error("a match stage needs stages");
    }
    Stages inner = parse(stages, notices, depth + 1);
    return () -> new MatchStage(selector, inner);
  }

  /** {@code docker: {}} has no keys; {@code cri} has bounds, which are our own. */
  private static void readNothing(String name, YamlValue value) throws ConfigException {
    YamlMapping yaml = value.isNull() || value.isEmptyText() ? null : value.mapping();
    if (yaml == null) {
      return;
    }
    if (name.equals("cri")) {
      yaml.count("max_partial_lines", 100);
      yaml.get("max_partial_line_size");
      yaml.flag("max_partial_line_size_truncate", false);
    }
    yaml.done();
  }
}
