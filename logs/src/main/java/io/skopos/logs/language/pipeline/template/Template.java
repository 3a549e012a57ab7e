// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import com.google.re2j.Pattern;
import io.skopos.logs.language.pipeline.search.RegexFilter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A parsed template. Keeps the regular expressions it has met, so belongs to one thread. */
public final class Template {

  static final Map<String, TemplateFunction> FUNCTIONS = new HashMap<>();

  static {
    TextFunctions.addTo(FUNCTIONS);
    NumberFunctions.addTo(FUNCTIONS);
    TimeFunctions.addTo(FUNCTIONS);
    GeneralFunctions.addTo(FUNCTIONS);
  }

  private static final int MAX_PATTERNS = 32;

  /** One piece of a template that only has texts and fields. */
  public record Piece(@Nullable String field, String text) {}

  final String name;
  final List<TemplateNode> nodes;
  final Map<String, List<TemplateNode>> defined;
  private final Map<String, Pattern> patterns = new LinkedHashMap<>(16, 0.75f, true);
  private final StringBuilder out = new StringBuilder();

  private Template(String name, List<TemplateNode> nodes, Map<String, List<TemplateNode>> defined) {
    this.name = name;
    this.nodes = nodes;
    this.defined = defined;
  }

  /**
   * @param name what errors call it
   * @throws TemplateFailed when the text is malformed
   */
  public static Template parse(String name, String text) {
    TemplateParser parser =
        new TemplateParser(
            name,
            text,
            word -> FUNCTIONS.containsKey(word) || word.equals("and") || word.equals("or"));
    List<TemplateNode> nodes = parser.parse();
    return new Template(name, nodes, parser.defined);
  }

  /**
   * What it writes; valid until it is run again.
   *
   * @throws TemplateFailed when it cannot go on
   */
  public CharSequence run(TemplateData data) {
    out.setLength(0);
    new TemplateRun(this, data, out).run();
    return out;
  }

  /** Its pieces, when it only has texts and fields of the dot; null otherwise. */
  public @Nullable List<Piece> plainPieces() {
    java.util.ArrayList<Piece> pieces = new java.util.ArrayList<>();
    for (TemplateNode node : nodes) {
      switch (node) {
        case TemplateNode.Text text -> pieces.add(new Piece(null, text.text()));
        case TemplateNode.Action action -> {
          String field = plainField(action.pipe());
          if (field == null) {
            return null;
          }
          pieces.add(new Piece(field, ""));
        }
        default -> {
          return null;
        }
      }
    }
    return pieces;
  }

  private static @Nullable String plainField(TemplateNode.Pipe pipe) {
    if (!pipe.variables().isEmpty()
        || pipe.commands().size() != 1
        || pipe.commands().getFirst().operands().size() != 1) {
      return null;
    }
    return pipe.commands().getFirst().operands().getFirst()
                instanceof TemplateNode.Operand.Field field
            && field.names().size() == 1
        ? field.names().getFirst()
        : null;
  }

  /** Names of all fields it reads. */
  public Set<String> fields() {
    Set<String> fields = new LinkedHashSet<>();
    TemplateFields.collect(nodes, fields);
    defined.values().forEach(list -> TemplateFields.collect(list, fields));
    return fields;
  }

  Pattern pattern(String expression) {
    Pattern known = patterns.get(expression);
    if (known == null) {
      known = RegexFilter.engine(expression);
      if (patterns.size() == MAX_PATTERNS) {
        patterns.remove(patterns.keySet().iterator().next());
      }
      patterns.put(expression, known);
    }
    return known;
  }
}
