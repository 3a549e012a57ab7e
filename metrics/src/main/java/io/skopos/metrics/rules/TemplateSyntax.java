// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import io.skopos.engine.text.StringSyntax;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a template of labels and annotations (Go's text/template with Prometheus' functions) can
 * be read: actions are closed, blocks end, functions and variables are there. What it is filled
 * with is not looked at.
 */
final class TemplateSyntax {

  private static final Set<String> FUNCTIONS =
      Set.of(
          "and",
          "call",
          "html",
          "index",
          "slice",
          "js",
          "len",
          "not",
          "or",
          "print",
          "printf",
          "println",
          "urlquery",
          "eq",
          "ge",
          "gt",
          "le",
          "lt",
          "ne",
          "query",
          "first",
          "label",
          "value",
          "strvalue",
          "args",
          "reReplaceAll",
          "safeHtml",
          "match",
          "title",
          "toUpper",
          "toLower",
          "graphLink",
          "tableLink",
          "sortByLabel",
          "stripPort",
          "stripDomain",
          "humanize",
          "humanize1024",
          "humanizeDuration",
          "humanizePercentage",
          "humanizeTimestamp",
          "toTime",
          "toDuration",
          "now",
          "pathPrefix",
          "externalURL",
          "parseDuration",
          "urlQueryEscape",
          "true",
          "false",
          "nil");
  private static final Set<String> VARIABLES =
      Set.of("$", "$labels", "$externalLabels", "$externalURL", "$value");
  private static final Set<String> BLOCKS = Set.of("if", "range", "with", "define", "block");

  private final String name;
  private final String text;
  private final Deque<String> blocks = new ArrayDeque<>();
  private final Set<String> variables = new HashSet<>(VARIABLES);
  private int line = 1;

  private TemplateSyntax(String name, String text) {
    this.name = name;
    this.text = text;
  }

  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * What is wrong with a template, or null.
   *
   * @param name what the message calls it
   */
  static @Nullable String problem(String name, String text) {
    TemplateSyntax syntax = new TemplateSyntax(name, text);
    try {
      syntax.check();
      return null;
    } catch (Malformed e) {
      return "error parsing template "
          + name
          + ": template: "
          + name
          + ":"
          + syntax.line
          + ": "
          + e.getMessage();
    }
  }

  private void check() {
    int at = 0;
    while (true) {
      int open = text.indexOf("{{", at);
      if (open < 0) {
        break;
      }
      countLines(at, open);
      int start = open + 2;
      if (text.startsWith("- ", start)) {
        start++;
      }
      int end;
      String trimmed = text.substring(start).stripLeading();
      if (trimmed.startsWith("/*")) {
        int close = text.indexOf("*/", start);
        if (close < 0) {
          throw new Malformed("unclosed comment");
        }
        end = text.indexOf("}}", close);
        if (end < 0) {
          throw new Malformed("comment ends before closing delimiter");
        }
      } else {
        List<String> tokens = new ArrayList<>();
        end = new TemplateAction(text, start).read(tokens, Malformed::new);
        action(tokens);
      }
      countLines(open, end);
      at = end + 2;
    }
    if (!blocks.isEmpty()) {
      throw new Malformed("unexpected EOF");
    }
  }

  private void countLines(int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
  }

  private void action(List<String> tokens) {
    if (tokens.isEmpty()) {
      throw new Malformed("missing value for command");
    }
    String first = tokens.getFirst();
    List<String> rest = tokens.subList(1, tokens.size());
    switch (first) {
      case "end" -> {
        if (blocks.isEmpty()) {
          throw new Malformed("unexpected {{end}}");
        }
        blocks.pop();
      }
      case "else" -> {
        if (blocks.isEmpty()) {
          throw new Malformed("unexpected {{else}}");
        }
        if (!rest.isEmpty()) {
          pipeline(rest.subList(1, rest.size()), rest.getFirst());
        }
      }
      case "template" -> {}
      case "break", "continue" -> {
        if (!blocks.contains("range")) {
          throw new Malformed("{{" + first + "}} outside {{range}}");
        }
      }
      default -> {
        if (BLOCKS.contains(first)) {
          blocks.push(first);
          if (!first.equals("define")) {
            pipeline(rest, first);
          }
        } else {
          pipeline(tokens, "command");
        }
      }
    }
  }

  /** Words must be known; {@code $x :=} makes a variable. */
  private void pipeline(List<String> tokens, String context) {
    if (tokens.isEmpty()) {
      throw new Malformed("missing value for " + context);
    }
    int declares = Math.max(tokens.indexOf(":="), tokens.indexOf("="));
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (token.startsWith("$")) {
        int dot = token.indexOf('.');
        String variable = dot < 0 ? token : token.substring(0, dot);
        if (i < declares && tokens.get(declares).equals(":=")) {
          variables.add(variable);
        } else if (!variables.contains(variable)) {
          throw new Malformed("undefined variable " + StringSyntax.quote(variable));
        }
      } else if (Character.isLetter(token.charAt(0)) || token.charAt(0) == '_') {
        String function = token.split("\\.", 2)[0];
        if (!FUNCTIONS.contains(function)) {
          throw new Malformed("function " + StringSyntax.quote(function) + " not defined");
        }
      }
    }
  }
}
