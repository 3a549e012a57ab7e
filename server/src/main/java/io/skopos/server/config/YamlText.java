// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * A YAML file as nodes with line numbers.
 *
 * @param sections the top's keys, in order
 */
record YamlText(String file, String text, Map<String, NodeTuple> sections) {

  /** A config larger than this is a mistake. */
  private static final long MAX_BYTES = 16L << 20;

  static YamlText empty() {
    return new YamlText("(defaults)", "", Map.of());
  }

  static YamlText read(Path file) throws ConfigException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw refused(file.toString(), "is larger than " + MAX_BYTES + " bytes");
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw refused(file.toString(), "no such file");
    } catch (MalformedInputException e) {
      throw refused(file.toString(), "is not UTF-8 text");
    } catch (IOException e) {
      throw refused(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  static YamlText parse(String file, String text) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(50)
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      Map<String, NodeTuple> sections = new LinkedHashMap<>();
      if (root.isPresent()) {
        switch (root.get()) {
          case MappingNode mapping -> {
            for (NodeTuple tuple : mapping.getValue()) {
              if (tuple.getKeyNode() instanceof ScalarNode key) {
                sections.put(key.getValue(), tuple);
              }
            }
          }
          case ScalarNode scalar when scalar.getValue().isEmpty() -> {}
          default -> throw refused(file, "must be a mapping of sections");
        }
      }
      return new YamlText(file, text, sections);
    } catch (MarkedYamlEngineException e) {
      String where = e.getProblemMark().map(mark -> file + ":" + (mark.getLine() + 1)).orElse(file);
      throw refused(where, "is not valid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw refused(file, "is not valid YAML: " + e.getMessage());
    }
  }

  private static ConfigException refused(String where, String message) {
    return new ConfigException(List.of(new ConfigProblem(where, "", message)));
  }
}
