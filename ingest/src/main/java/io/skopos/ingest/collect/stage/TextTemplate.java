// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of Go's text templates that stages are written in: texts, {@code {{ .Name }}}, pipes,
 * calls of {@link TemplateFunctions}, {@code if}, {@code else if}, {@code else}. Thread-safe.
 */
final class TextTemplate {

  /** A piece that writes text. */
  private interface Node {
    void write(Map<String, @Nullable Object> data, StringBuilder out);
  }

  /** A piece that has a value. */
  interface Expression {
    @Nullable Object value(Map<String, @Nullable Object> data);
  }

  private final List<Node> nodes;

  private TextTemplate(List<Node> nodes) {
    this.nodes = nodes;
  }

  String apply(Map<String, @Nullable Object> data) {
    StringBuilder out = new StringBuilder();
    nodes.forEach(node -> node.write(data, out));
    return out.toString();
  }

  /**
   * @throws IllegalArgumentException saying what is not understood
   */
  static TextTemplate parse(String text) {
    Parser parser = new Parser(text);
    List<Node> nodes = parser.nodes();
    if (parser.ended != null) {
      throw new IllegalArgumentException("'" + parser.ended + "' without an if");
    }
    return new TextTemplate(nodes);
  }

  private static final class Parser {
    private final String text;
    private int at;

    /** What ended the list of nodes: "end", "else", "else if ..."; null for the text's end. */
    private @Nullable String ended;

    private boolean trimNext;

    Parser(String text) {
      this.text = text;
    }

    List<Node> nodes() {
      List<Node> nodes = new ArrayList<>();
      while (true) {
        int open = text.indexOf("{{", at);
        String plain = text.substring(at, open < 0 ? text.length() : open);
        if (trimNext) {
          plain = plain.stripLeading();
          trimNext = false;
        }
        if (open < 0) {
          at = text.length();
          add(nodes, plain);
          ended = null;
          return List.copyOf(nodes);
        }
        int close = closing(open + 2);
        String action = text.substring(open + 2, close);
        at = close + 2;
        if (action.startsWith("- ")) {
          action = action.substring(1);
          plain = plain.stripTrailing();
        }
        if (action.endsWith(" -")) {
          action = action.substring(0, action.length() - 1);
          trimNext = true;
        }
        add(nodes, plain);
        action = action.strip();
        if (action.equals("end") || action.equals("else") || action.startsWith("else if ")) {
          ended = action;
          return List.copyOf(nodes);
        }
        if (action.startsWith("if ")) {
          nodes.add(condition(action.substring(3)));
        } else if (!action.startsWith("/*")) {
          Expression expression = new TemplateExpression(action).parse();
          nodes.add((data, out) -> out.append(TemplateFunctions.text(expression.value(data))));
        }
      }
    }

    private static void add(List<Node> nodes, String plain) {
      if (!plain.isEmpty()) {
        nodes.add((_, out) -> out.append(plain));
      }
    }

    private Node condition(String expression) {
      Expression test = new TemplateExpression(expression).parse();
      List<Node> then = nodes();
      List<Node> otherwise = List.of();
      String end = ended;
      if (end == null) {
        throw new IllegalArgumentException("an if has no end");
      }
      if (end.startsWith("else if ")) {
        otherwise = List.of(condition(end.substring("else if ".length())));
      } else if (end.equals("else")) {
        otherwise = nodes();
        if (!"end".equals(ended)) {
          throw new IllegalArgumentException("an else has no end");
        }
      }
      List<Node> otherwiseNodes = otherwise;
      return (data, out) -> {
        List<Node> chosen = TemplateFunctions.isTrue(test.value(data)) ? then : otherwiseNodes;
        chosen.forEach(node -> node.write(data, out));
      };
    }

    /** Braces in strings do not end an action. */
    private int closing(int from) {
      char quote = 0;
      for (int i = from; i < text.length(); i++) {
        char c = text.charAt(i);
        if (quote != 0) {
          if (c == '\\' && quote == '"') {
            i++;
          } else if (c == quote) {
            quote = 0;
          }
        } else if (c == '"' || c == '`') {
          quote = c;
        } else if (c == '}' && text.startsWith("}}", i)) {
          return i;
        }
      }
      throw new IllegalArgumentException("'{{' is not closed");
    }
  }
}
