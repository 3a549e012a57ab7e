// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.yaml;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value at a path of a document. Reading it as what it is not says where it stands. */
public final class YamlValue {

  private final String document;
  private final String path;
  private final @Nullable Node node;

  YamlValue(String document, String path, @Nullable Node node) {
    this.document = document;
    this.path = path;
    this.node = node;
  }

  /** Whether nothing stands there: no value, or {@code null}. */
  public boolean isNull() {
    return node == null || Tag.NULL.equals(node.getTag());
  }

  /** Whether it is a single value without text. */
  public boolean isEmptyText() {
    return node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
  }

  public boolean isList() {
    return node instanceof SequenceNode;
  }

  /** A null reads as an empty mapping. */
  public YamlMapping mapping() throws ConfigException {
    if (isNull()) {
      return new YamlMapping(this, document, path, List.of());
    }
    if (node instanceof MappingNode mapping) {
      return new YamlMapping(this, document, path, mapping.getValue());
    }
    throw error("must be a mapping (key: value)");
  }

  /** A null reads as an empty list. */
  public List<YamlValue> list() throws ConfigException {
    if (isNull()) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw error("must be a list");
    }
    List<YamlValue> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      values.add(new YamlValue(document, path + "[" + values.size() + "]", item));
    }
    return values;
  }

  /** A scalar's text; empty for null. */
  public String text() throws ConfigException {
    if (isNull()) {
      return "";
    }
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error("must be a single value, not a list or mapping");
  }

  public List<String> texts() throws ConfigException {
    List<String> texts = new ArrayList<>();
    for (YamlValue value : list()) {
      texts.add(value.text());
    }
    return List.copyOf(texts);
  }

  /** A scalar through a parser that throws {@link IllegalArgumentException} for what it is not. */
  public <T> T as(Function<String, T> parser) throws ConfigException {
    String text = text();
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw error(String.valueOf(e.getMessage()));
    }
  }

  /** A file's name, resolved against {@code base}. */
  public Path path(Path base) throws ConfigException {
    return as(base::resolve);
  }

  /** Names of files whose last part may be a glob. */
  public Path pattern(Path base) throws ConfigException {
    Path pattern = path(base);
    try {
      PathMatcher _ = FileSystems.getDefault().getPathMatcher("glob:" + text());
      return pattern;
    } catch (PatternSyntaxException e) {
      throw error("'" + text() + "' is not a pattern of file names: " + e.getDescription());
    }
  }

  /** Takes what means something elsewhere but nothing here yet. */
  public void notBuiltYet(Notices notices) {
    notices.notBuiltYet(this);
  }

  public ConfigException error(String problem) {
    String where = path.isEmpty() ? "the document" : path;
    return new ConfigException(document + position() + ": " + where + ": " + problem);
  }

  private String position() {
    Node at = node;
    return at == null
        ? ""
        : at.getStartMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
  }
}
