// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import io.skopos.engine.text.StringSyntax;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.model.Label;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads rule files. Thread-safe. */
public final class RuleFileParser {

  /** Bounds a file's size. */
  private static final int MAX_CODE_POINTS = 16 << 20;

  private static final Pattern LEGACY_LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Set<String> GROUP_FIELDS =
      Set.of("name", "interval", "query_offset", "limit", "labels", "rules");

  private final RuleFileOptions options;
  private final RuleReader rules;

  public RuleFileParser(RuleFileOptions options) {
    this.options = options;
    this.rules = new RuleReader(new PromqlParser(options.parser()), options);
  }

  /**
   * @param name what messages call it, mostly its path
   * @throws RuleFileRefused with everything that is wrong
   */
  public RuleFile parse(String name, String text) throws RuleFileRefused {
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    RuleNode root = new RuleNode(root(name, text, warnings), problems);
    Map<String, RuleNode> fields = root.fields(known(Set.of("groups")), "a rule file");
    RuleNode groups = fields.get("groups");
    List<RuleGroup> read = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (RuleNode group : groups == null ? List.<RuleNode>of() : groups.items("groups")) {
      read.add(group(group, names, problems));
    }
    if (!problems.isEmpty()) {
      throw new RuleFileRefused(problems);
    }
    return new RuleFile(name, read, warnings);
  }

  private @Nullable Node root(String name, String text, List<String> warnings)
      throws RuleFileRefused {
    LoadSettings settings =
        LoadSettings.builder().setLabel(name).setCodePointLimit(MAX_CODE_POINTS).build();
    try {
      Iterator<Node> documents = new Compose(settings).composeAllFromString(text).iterator();
      Node first = documents.hasNext() ? documents.next() : null;
      if (documents.hasNext()) {
        warnings.add("there are several YAML documents, and only the first one is read");
      }
      return first;
    } catch (YamlEngineException e) {
      throw new RuleFileRefused(
          List.of(
              "yaml: " + String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\n\\s*", "; ")));
    } catch (StackOverflowError e) {
      throw new RuleFileRefused(List.of("yaml: nested too deeply to be read"));
    }
  }

  private RuleGroup group(RuleNode node, Set<String> names, List<String> problems) {
    Map<String, RuleNode> fields = node.fields(known(GROUP_FIELDS), "a rule group");
    String name = fields.containsKey("name") ? fields.get("name").text("name") : "";
    if (name.isEmpty()) {
      problems.add(node.place() + ": Groupname must not be empty");
    }
    if (!names.add(name)) {
      problems.add(node.place() + ": groupname: \"" + name + "\" is repeated in the same file");
    }
    Map<String, String> labels =
        fields.containsKey("labels") ? fields.get("labels").texts("labels") : Map.of();
    for (String label : labels.keySet()) {
      if (!isLabelName(label)) {
        problems.add(node.place() + ": invalid label name: " + label);
      }
    }
    List<Rule> read = new ArrayList<>();
    List<RuleNode> nodes =
        fields.containsKey("rules") ? fields.get("rules").items("rules") : List.of();
    for (int i = 0; i < nodes.size(); i++) {
      Rule rule = rules.read(nodes.get(i), name, i + 1, problems, this::isLabelName);
      if (rule != null) {
        read.add(rule);
      }
    }
    return new RuleGroup(
        name,
        duration(fields, "interval"),
        duration(fields, "query_offset"),
        fields.containsKey("limit") ? fields.get("limit").count("limit") : 0,
        labels,
        read,
        node.line());
  }

  private static @Nullable Duration duration(Map<String, RuleNode> fields, String key) {
    RuleNode node = fields.get(key);
    return node == null ? null : node.duration(key);
  }

  private @Nullable Set<String> known(Set<String> fields) {
    return options.ignoreUnknownFields() ? null : fields;
  }

  private boolean isLabelName(String name) {
    return !name.equals(Label.METRIC_NAME)
        && (options.legacyNames()
            ? LEGACY_LABEL.matcher(name).matches()
            : StringSyntax.isLabelName(name));
  }
}
