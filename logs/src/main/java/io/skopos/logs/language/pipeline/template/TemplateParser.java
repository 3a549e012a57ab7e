// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import io.skopos.logs.language.pipeline.template.TemplateNode.Pipe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Reads a template's text: pieces of text, and actions with what they enclose. */
final class TemplateParser {

  static final int MAX_DEPTH = 64;

  final Map<String, List<TemplateNode>> defined = new HashMap<>();
  private final TemplateText in;
  private final PipeParser pipes;
  private int depth;
  private int loops;

  /** End of the list just parsed: {@code end}, {@code else} or empty at the end of the text. */
  private String stoppedBy = "";

  /** Whether the last action takes the blanks behind it away. */
  private boolean trimNext;

  TemplateParser(String name, String text, Predicate<String> functions) {
    in = new TemplateText(name, text);
    pipes = new PipeParser(in, functions);
  }

  List<TemplateNode> parse() {
    List<TemplateNode> nodes = list();
    if (!stoppedBy.isEmpty()) {
      throw in.failed("unexpected {{" + stoppedBy + "}}");
    }
    return nodes;
  }

  private List<TemplateNode> list() {
    List<TemplateNode> nodes = new ArrayList<>();
    if (++depth > MAX_DEPTH) {
      throw in.failed("nested too deeply");
    }
    int scope = pipes.scope();
    boolean trim = trimNext;
    trimNext = false;
    while (true) {
      int open = in.find("{{");
      String piece = in.upTo(open);
      if (trim) {
        piece = TemplateText.stripLeading(piece);
      }
      boolean trimBefore = in.startsWith("{{-") && in.has(3) && TemplateText.isSpace(in.peek(3));
      if (trimBefore) {
        piece = TemplateText.stripTrailing(piece);
      }
      if (!piece.isEmpty()) {
        nodes.add(new TemplateNode.Text(piece));
      }
      if (open < 0) {
        stoppedBy = "";
        break;
      }
      in.skip(trimBefore ? 3 : 2);
      trim = false;
      in.skipSpaces();
      if (in.startsWith("/*")) {
        int close = in.find("*/");
        if (close < 0) {
          throw in.failed("unclosed comment");
        }
        in.goTo(close + 2);
        trim = in.closeAction("comment ends before closing delimiter");
        continue;
      }
      String word = in.word();
      switch (word) {
        case "end" -> {
          in.skip(word.length());
          trimNext = in.closeAction(null);
          stoppedBy = "end";
        }
        case "else" -> {
          in.skip(word.length());
          stoppedBy = "else";
        }
        default -> {
          nodes.add(action(word));
          trim = trimNext;
          trimNext = false;
          continue;
        }
      }
      break;
    }
    pipes.leave(scope);
    depth--;
    return nodes;
  }

  private TemplateNode action(String word) {
    switch (word) {
      case "if", "with" -> {
        in.skip(word.length());
        return branch(word);
      }
      case "range" -> {
        in.skip(word.length());
        return range();
      }
      case "break", "continue" -> {
        in.skip(word.length());
        if (loops == 0) {
          throw in.failed("{{" + word + "}} outside {{range}}");
        }
        trimNext = in.closeAction(null);
        return word.equals("break") ? new TemplateNode.Break() : new TemplateNode.Continue();
      }
      case "define", "block", "template" -> {
        in.skip(word.length());
        return template(word);
      }
      default -> {
        Pipe pipe = pipes.read(false, "command");
        trimNext = in.closeAction("unexpected " + in.rest() + " in operand");
        return new TemplateNode.Action(pipe);
      }
    }
  }

  private TemplateNode template(String word) {
    in.skipSpaces();
    if (in.atEnd() || (in.peek() != '"' && in.peek() != '`')) {
      throw in.failed("unexpected " + in.rest() + " in " + word + " clause");
    }
    String called = in.string();
    in.skipSpaces();
    Pipe pipe = null;
    if (!word.equals("define") && !in.atClose()) {
      pipe = pipes.read(false, word);
    }
    trimNext = in.closeAction("unexpected " + in.rest() + " in " + word + " clause");
    if (!word.equals("template")) {
      defined.put(called, list());
      if (!stoppedBy.equals("end")) {
        throw in.failed("unexpected EOF");
      }
    }
    return word.equals("define") ? new TemplateNode.Text("") : new TemplateNode.Call(called, pipe);
  }

  private TemplateNode branch(String word) {
    int scope = pipes.scope();
    Pipe pipe = pipes.read(false, word);
    trimNext = in.closeAction("unexpected " + in.rest() + " in " + word);
    List<TemplateNode> then = list();
    List<TemplateNode> otherwise = otherwise(word);
    pipes.leave(scope);
    return word.equals("if")
        ? new TemplateNode.If(pipe, then, otherwise)
        : new TemplateNode.With(pipe, then, otherwise);
  }

  private TemplateNode range() {
    int scope = pipes.scope();
    Pipe pipe = pipes.read(true, "range");
    trimNext = in.closeAction("unexpected " + in.rest() + " in range");
    loops++;
    List<TemplateNode> body = list();
    loops--;
    List<TemplateNode> otherwise = otherwise("");
    pipes.leave(scope);
    return new TemplateNode.Range(pipe, body, otherwise);
  }

  private List<TemplateNode> otherwise(String chained) {
    if (stoppedBy.equals("end")) {
      stoppedBy = "";
      return List.of();
    }
    if (!stoppedBy.equals("else")) {
      throw in.failed("unexpected EOF");
    }
    in.skipSpaces();
    if (!chained.isEmpty() && in.word().equals(chained)) {
      in.skip(chained.length());
      if (++depth > MAX_DEPTH) {
        throw in.failed("nested too deeply");
      }
      List<TemplateNode> nested = List.of(branch(chained));
      depth--;
      return nested;
    }
    trimNext = in.closeAction("unexpected " + in.rest() + " in else");
    List<TemplateNode> nodes = list();
    if (!stoppedBy.equals("end")) {
      throw in.failed(stoppedBy.isEmpty() ? "unexpected EOF" : "unexpected {{else}}");
    }
    stoppedBy = "";
    return nodes;
  }
}
