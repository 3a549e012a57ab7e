// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import io.skopos.engine.text.StringSyntax;
import io.skopos.logs.language.pipeline.template.TemplateNode.Command;
import io.skopos.logs.language.pipeline.template.TemplateNode.Operand;
import io.skopos.logs.language.pipeline.template.TemplateNode.Pipe;
import io.skopos.logs.language.pipeline.template.TemplateNode.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** Reads what stands in an action: commands joined by bars, and the variables they declare. */
final class PipeParser {

  private final TemplateText in;
  private final Predicate<String> functions;
  private final Deque<String> variables = new ArrayDeque<>();

  /** Of parentheses within each other. */
  private int depth;

  PipeParser(TemplateText in, Predicate<String> functions) {
    this.in = in;
    this.functions = functions;
    variables.push("$");
  }

  /** How many variables are declared. */
  int scope() {
    return variables.size();
  }

  /** Forgets the variables declared since. */
  void leave(int scope) {
    while (variables.size() > scope) {
      variables.pop();
    }
  }

  /**
   * @param context what it belongs to, for errors
   */
  Pipe read(boolean inRange, String context) {
    in.skipSpaces();
    int start = in.position();
    Place place = in.place(start);
    List<String> declared = new ArrayList<>();
    boolean assigns = false;
    int before = in.position();
    if (!in.atEnd() && in.peek() == '$') {
      String variable = variable();
      in.skipSpaces();
      if (inRange && !in.atEnd() && in.peek() == ',') {
        in.skip(1);
        in.skipSpaces();
        if (!in.atEnd() && in.peek() == '$') {
          declared.add(variable);
          variable = variable();
          in.skipSpaces();
        }
      }
      if (in.startsWith(":=") || (in.startsWith("=") && !in.startsWith("=="))) {
        assigns = in.peek() == '=';
        in.skip(assigns ? 1 : 2);
        declared.add(variable);
      } else {
        declared.clear();
        in.goTo(before);
      }
    }
    if (assigns) {
      for (String variable : declared) {
        checkVariable(variable);
      }
    }
    List<Command> commands = new ArrayList<>();
    do {
      in.skipSpaces();
      commands.add(command(commands.isEmpty(), context));
      in.skipSpaces();
    } while (takeBar());
    if (!assigns) {
      declared.forEach(variables::push);
    }
    return new Pipe(
        declared,
        assigns,
        commands,
        new Place(place.line(), place.column(), in.since(start).strip()));
  }

  private boolean takeBar() {
    if (!in.atEnd() && in.peek() == '|') {
      in.skip(1);
      return true;
    }
    return false;
  }

  private Command command(boolean first, String context) {
    int start = in.position();
    Place place = in.place(start);
    List<Operand> operands = new ArrayList<>();
    while (true) {
      in.skipSpaces();
      if (in.atEnd() || in.startsWith("}}") || in.startsWith("-}}")) {
        if (in.atEnd()) {
          throw in.failed("unclosed action");
        }
        break;
      }
      char c = in.peek();
      if (c == '|' || c == ')') {
        break;
      }
      operands.add(operand());
      if (!in.atEnd() && "|)} \t\r\n".indexOf(in.peek()) < 0 && !in.startsWith("-}}")) {
        throw in.failed("unexpected " + in.rest() + " in operand");
      }
    }
    if (operands.isEmpty()) {
      throw in.failed(first ? "missing value for " + context : "missing value for command");
    }
    if (!first
        && !(operands.getFirst() instanceof Operand.Function)
        && !(operands.getFirst() instanceof Operand.Field field && !field.names().isEmpty())
        && !(operands.getFirst() instanceof Operand.Variable)
        && !(operands.getFirst() instanceof Operand.Nested)) {
      throw in.failed("non executable command in pipeline stage 2");
    }
    return new Command(operands, new Place(place.line(), place.column(), in.since(start).strip()));
  }

  private Operand operand() {
    char c = in.peek();
    if (c == '"' || c == '`') {
      return new Operand.Constant(in.string());
    }
    if (c == '\'') {
      return new Operand.Constant((long) in.character());
    }
    if (c == '(') {
      in.skip(1);
      if (++depth > TemplateParser.MAX_DEPTH) {
        throw in.failed("nested too deeply");
      }
      Pipe pipe = read(false, "parenthesized pipeline");
      depth--;
      in.skipSpaces();
      if (in.atEnd() || in.peek() != ')') {
        throw in.failed("unclosed left paren");
      }
      in.skip(1);
      return new Operand.Nested(pipe, chain());
    }
    if (c == '$') {
      String variable = variable();
      checkVariable(variable);
      return new Operand.Variable(variable, chain());
    }
    if (c == '.' && !(in.has(1) && TemplateText.isDigit(in.peek(1)))) {
      if (!in.has(1) || !TemplateText.isWord(in.peek(1))) {
        in.skip(1);
        return new Operand.Field(List.of());
      }
      return new Operand.Field(chain());
    }
    if (TemplateText.isDigit(c) || c == '-' || c == '+' || c == '.') {
      return new Operand.Constant(in.number());
    }
    String word = in.word();
    if (word.isEmpty()) {
      throw in.failed("unexpected " + in.rest() + " in operand");
    }
    in.skip(word.length());
    switch (word) {
      case "true" -> {
        return new Operand.Constant(true);
      }
      case "false" -> {
        return new Operand.Constant(false);
      }
      case "nil" -> {
        return new Operand.Constant(null);
      }
      default -> {
        if (!functions.test(word)) {
          throw in.failed("function " + StringSyntax.quote(word) + " not defined");
        }
        return new Operand.Function(word, chain());
      }
    }
  }

  private List<String> chain() {
    List<String> names = new ArrayList<>();
    while (in.has(1) && in.peek() == '.' && TemplateText.isWord(in.peek(1))) {
      in.skip(1);
      String word = in.word();
      in.skip(word.length());
      names.add(word);
    }
    return names;
  }

  private String variable() {
    int from = in.position();
    in.skip(1);
    while (!in.atEnd() && TemplateText.isWord(in.peek())) {
      in.skip(1);
    }
    return in.since(from);
  }

  private void checkVariable(String variable) {
    if (!variables.contains(variable)) {
      throw in.failed("undefined variable " + StringSyntax.quote(variable));
    }
  }
}
