// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import io.skopos.model.config.NearestKey;
import io.skopos.model.config.PrometheusDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A node of a file's tree, read as what it must be; what it is not becomes a problem. */
final class RuleNode {

  private final @Nullable Node node;
  private final List<String> problems;

  RuleNode(@Nullable Node node, List<String> problems) {
    this.node = node;
    this.problems = problems;
  }

  boolean isNull() {
    return node == null || Tag.NULL.equals(node.getTag());
  }

  /** From 1; 0 for a node that is not there. */
  int line() {
    return node == null ? 0 : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  int column() {
    return node == null ? 0 : node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
  }

  /** Line and column, as messages begin. */
  String place() {
    return line() + ":" + column();
  }

  /**
   * The fields of a mapping; none of something else.
   *
   * @param known the fields there may be; null for any
   * @param what the mapping is, for messages
   */
  Map<String, RuleNode> fields(@Nullable Set<String> known, String what) {
    Map<String, RuleNode> fields = new LinkedHashMap<>();
    if (isNull()) {
      return fields;
    }
    if (!(node instanceof MappingNode mapping)) {
      problems.add(place() + ": " + what + " must be a mapping (key: value)");
      return fields;
    }
    List<NodeTuple> merged = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key
          && key.getValue().equals("<<")
          && tuple.getValueNode() instanceof MappingNode other) {
        merged.addAll(other.getValue());
      } else {
        put(fields, tuple, known, what, false);
      }
    }
    for (NodeTuple tuple : merged) {
      put(fields, tuple, known, what, true);
    }
    return fields;
  }

  private void put(
      Map<String, RuleNode> fields,
      NodeTuple tuple,
      @Nullable Set<String> known,
      String what,
      boolean merged) {
    RuleNode keyNode = new RuleNode(tuple.getKeyNode(), problems);
    String key = keyNode.text("a field's name");
    if (merged && fields.containsKey(key)) {
      return;
    }
    if (known != null && !known.contains(key)) {
      String nearest = NearestKey.of(key, known);
      problems.add(
          keyNode.place()
              + ": field "
              + key
              + " not found in "
              + what
              + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    } else if (fields.put(key, new RuleNode(tuple.getValueNode(), problems)) != null) {
      problems.add(keyNode.place() + ": field " + key + " stands there twice");
    }
  }

  /** The items of a list; none of something else. */
  List<RuleNode> items(String what) {
    List<RuleNode> items = new ArrayList<>();
    if (isNull()) {
      return items;
    }
    if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> items.add(new RuleNode(item, problems)));
    } else {
      problems.add(place() + ": " + what + " must be a list");
    }
    return items;
  }

  /** A scalar's text; empty for none. */
  String text(String what) {
    if (isNull()) {
      return "";
    }
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    problems.add(place() + ": " + what + " must be a single value, not a list or mapping");
    return "";
  }

  /** A mapping of texts. */
  Map<String, String> texts(String what) {
    Map<String, String> texts = new LinkedHashMap<>();
    fields(null, what).forEach((key, value) -> texts.put(key, value.text("the value of " + key)));
    return texts;
  }

  @Nullable Duration duration(String what) {
    String text = text(what);
    if (isNull()) {
      return null;
    }
    try {
      return PrometheusDuration.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add(place() + ": not a valid duration string: \"" + text + "\"");
      return null;
    }
  }

  int count(String what) {
    String text = text(what);
    if (text.isEmpty()) {
      return 0;
    }
    try {
      int count = Integer.parseInt(text);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    problems.add(place() + ": " + what + " must be a whole number and not negative: " + text);
    return 0;
  }
}
