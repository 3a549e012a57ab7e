// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.yaml;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** One YAML (or JSON) document, read as a tree that knows its lines. */
public final class YamlDocument {

  /** Bounds a document's size; a prometheus.yml of a big site has some hundred kilobytes. */
  private static final int MAX_CODE_POINTS = 64 << 20;

  private YamlDocument() {}

  /**
   * The document's root, which is an empty mapping for an empty text.
   *
   * @param name what messages call it, mostly a file's path
   */
  public static YamlValue parse(String name, String text) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setCodePointLimit(MAX_CODE_POINTS)
            .setAllowDuplicateKeys(false)
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      return new YamlValue(name, "", root.orElse(null));
    } catch (YamlEngineException e) {
      throw new ConfigException(name + " is not valid YAML: " + oneLine(e), e);
    } catch (StackOverflowError e) {
      throw new ConfigException(name + " is nested too deeply to be read", e);
    }
  }

  private static String oneLine(YamlEngineException e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\n\\s*", "; ");
  }
}
