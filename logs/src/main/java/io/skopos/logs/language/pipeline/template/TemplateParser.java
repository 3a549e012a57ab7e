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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads a template's text. */
final class TemplateParser {

  private static final int MAX_DEPTH = 64;

  private final String name;
  private final String text;
  private final Predicate<String> functions;
  private int at;
  private int depth;
  private int loops;

  /** End of the list just parsed: {@code end}, {@code else} or empty at the end of the text. */
  private String stoppedBy = "";

  private final Deque<String> variables = new ArrayDeque<>();
  final Map<String, List<TemplateNode>> defined = new HashMap<>();

  TemplateParser(String name, String text, Predicate<String> functions) {
    this.name = name;
    this.text = text;
    this.functions = functions;
    variables.push("$");
  }

  List<TemplateNode> parse() {
    List<TemplateNode> nodes = list();
    if (!stoppedBy.isEmpty()) {
      throw failed("unexpected {{" + stoppedBy + "}}");
    }
    return nodes;
  }

  private List<TemplateNode> list() {
    List<TemplateNode> nodes = new ArrayList<>();
    if (++depth > MAX_DEPTH) {
      throw failed("nested too deeply");
    }
    int scope = variables.size();
    boolean trim = trimNext;
    trimNext = false;
    while (true) {
      int open = text.indexOf("{{", at);
      String piece = open < 0 ? text.substring(at) : text.substring(at, open);
      if (trim) {
        piece = stripLeading(piece);
      }
      boolean trimBefore =
          open >= 0
              && text.startsWith("{{-", open)
              && open + 3 < text.length()
              && isSpace(text.charAt(open + 3));
      if (trimBefore) {
        piece = stripTrailing(piece);
      }
      if (!piece.isEmpty()) {
        nodes.add(new TemplateNode.Text(piece));
      }
      if (open < 0) {
        at = text.length();
        stoppedBy = "";
        break;
      }
      at = open + (trimBefore ? 3 : 2);
      trim = false;
      skipSpaces();
      if (text.startsWith("/*", at)) {
        int close = text.indexOf("*/", at);
        if (close < 0) {
          throw failed("unclosed comment");
        }
        at = close + 2;
        trim = closeAction("comment ends before closing delimiter");
        continue;
      }
      String word = word();
      switch (word) {
        case "end" -> {
          at += word.length();
          trimNext = closeAction(null);
          stoppedBy = "end";
        }
        case "else" -> {
          at += word.length();
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
    while (variables.size() > scope) {
      variables.pop();
    }
    depth--;
    return nodes;
  }

  private boolean trimNext;

  private TemplateNode action(String word) {
    switch (word) {
      case "if", "with" -> {
        at += word.length();
        return branch(word);
      }
      case "range" -> {
        at += word.length();
        return range();
      }
      case "break", "continue" -> {
        at += word.length();
        if (loops == 0) {
          throw failed("{{" + word + "}} outside {{range}}");
        }
        trimNext = closeAction(null);
        return word.equals("break") ? new TemplateNode.Break() : new TemplateNode.Continue();
      }
      case "define", "block", "template" -> {
        at += word.length();
        return template(word);
      }
      default -> {
        Pipe pipe = pipe(false, "command");
        trimNext = closeAction("unexpected " + rest() + " in operand");
        return new TemplateNode.Action(pipe);
      }
    }
  }

  private TemplateNode template(String word) {
    skipSpaces();
    if (at >= text.length() || (text.charAt(at) != '"' && text.charAt(at) != '`')) {
      throw failed("unexpected " + rest() + " in " + word + " clause");
    }
    String called = string();
    skipSpaces();
    Pipe pipe = null;
    if (!word.equals("define") && !atClose()) {
      pipe = pipe(false, word);
    }
    trimNext = closeAction("unexpected " + rest() + " in " + word + " clause");
    if (!word.equals("template")) {
      defined.put(called, list());
      if (!stoppedBy.equals("end")) {
        throw failed("unexpected EOF");
      }
    }
    return word.equals("define") ? new TemplateNode.Text("") : new TemplateNode.Call(called, pipe);
  }

  private TemplateNode branch(String word) {
    int scope = variables.size();
    Pipe pipe = pipe(false, word);
    trimNext = closeAction("unexpected " + rest() + " in " + word);
    List<TemplateNode> then = list();
    List<TemplateNode> otherwise = otherwise(word);
    while (variables.size() > scope) {
      variables.pop();
    }
    return word.equals("if")
        ? new TemplateNode.If(pipe, then, otherwise)
        : new TemplateNode.With(pipe, then, otherwise);
  }

  private TemplateNode range() {
    int scope = variables.size();
    Pipe pipe = pipe(true, "range");
    trimNext = closeAction("unexpected " + rest() + " in range");
    loops++;
    List<TemplateNode> body = list();
    loops--;
    List<TemplateNode> otherwise = otherwise("");
    while (variables.size() > scope) {
      variables.pop();
    }
    return new TemplateNode.Range(pipe, body, otherwise);
  }

  private List<TemplateNode> otherwise(String chained) {
    if (stoppedBy.equals("end")) {
      stoppedBy = "";
      return List.of();
    }
    if (!stoppedBy.equals("else")) {
      throw failed("unexpected EOF");
    }
    skipSpaces();
    if (!chained.isEmpty() && word().equals(chained)) {
      at += chained.length();
      if (++depth > MAX_DEPTH) {
        throw failed("nested too deeply");
      }
      List<TemplateNode> nested = List.of(branch(chained));
      depth--;
      return nested;
    }
    trimNext = closeAction("unexpected " + rest() + " in else");
    List<TemplateNode> nodes = list();
    if (!stoppedBy.equals("end")) {
      throw failed(stoppedBy.isEmpty() ? "unexpected EOF" : "unexpected {{else}}");
    }
    stoppedBy = "";
    return nodes;
  }

  // ---- pipelines

  private Pipe pipe(boolean inRange, String context) {
    skipSpaces();
    int start = at;
    Place place = place(start);
    List<String> declared = new ArrayList<>();
    boolean assigns = false;
    int before = at;
    if (at < text.length() && text.charAt(at) == '$') {
      String variable = variable();
      skipSpaces();
      if (inRange && at < text.length() && text.charAt(at) == ',') {
        at++;
        skipSpaces();
        if (at < text.length() && text.charAt(at) == '$') {
          declared.add(variable);
          variable = variable();
          skipSpaces();
        }
      }
      if (text.startsWith(":=", at) || (text.startsWith("=", at) && !text.startsWith("==", at))) {
        assigns = text.charAt(at) == '=';
        at += assigns ? 1 : 2;
        declared.add(variable);
      } else {
        declared.clear();
        at = before;
      }
    }
    if (assigns) {
      for (String variable : declared) {
        checkVariable(variable);
      }
    }
    List<Command> commands = new ArrayList<>();
    do {
      skipSpaces();
      commands.add(command(commands.isEmpty(), context));
      skipSpaces();
    } while (takeBar());
    if (!assigns) {
      declared.forEach(variables::push);
    }
    return new Pipe(
        declared,
        assigns,
        commands,
        new Place(place.line(), place.column(), text.substring(start, at).strip()));
  }

  private boolean takeBar() {
    if (at < text.length() && text.charAt(at) == '|') {
      at++;
      return true;
    }
    return false;
  }

  private Command command(boolean first, String context) {
    int start = at;
    Place place = place(at);
    List<Operand> operands = new ArrayList<>();
    while (true) {
      skipSpaces();
      if (at >= text.length() || text.startsWith("}}", at) || text.startsWith("-}}", at)) {
        if (at >= text.length()) {
          throw failed("unclosed action");
        }
        break;
      }
      char c = text.charAt(at);
      if (c == '|' || c == ')') {
        break;
      }
      operands.add(operand());
      if (at < text.length()
          && "|)} \t\r\n".indexOf(text.charAt(at)) < 0
          && !text.startsWith("-}}", at)) {
        throw failed("unexpected " + rest() + " in operand");
      }
    }
    if (operands.isEmpty()) {
      throw failed(first ? "missing value for " + context : "missing value for command");
    }
    if (!first
        && !(operands.getFirst() instanceof Operand.Function)
        && !(operands.getFirst() instanceof Operand.Field field && !field.names().isEmpty())
        && !(operands.getFirst() instanceof Operand.Variable)
        && !(operands.getFirst() instanceof Operand.Nested)) {
      throw failed("non executable command in pipeline stage 2");
    }
    return new Command(
        operands, new Place(place.line(), place.column(), text.substring(start, at).strip()));
  }

  private Operand operand() {
    char c = text.charAt(at);
    if (c == '"' || c == '`') {
      return new Operand.Constant(string());
    }
    if (c == '\'') {
      return new Operand.Constant((long) character());
    }
    if (c == '(') {
      at++;
      if (++depth > MAX_DEPTH) {
        throw failed("nested too deeply");
      }
      Pipe pipe = pipe(false, "parenthesized pipeline");
      depth--;
      skipSpaces();
      if (at >= text.length() || text.charAt(at) != ')') {
        throw failed("unclosed left paren");
      }
      at++;
      return new Operand.Nested(pipe, chain());
    }
    if (c == '$') {
      String variable = variable();
      checkVariable(variable);
      return new Operand.Variable(variable, chain());
    }
    if (c == '.' && !(at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      if (at + 1 == text.length() || !isWord(text.charAt(at + 1))) {
        at++;
        return new Operand.Field(List.of());
      }
      return new Operand.Field(chain());
    }
    if (isDigit(c) || c == '-' || c == '+' || c == '.') {
      return new Operand.Constant(number());
    }
    String word = word();
    if (word.isEmpty()) {
      throw failed("unexpected " + rest() + " in operand");
    }
    at += word.length();
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
          throw failed("function " + StringSyntax.quote(word) + " not defined");
        }
        return new Operand.Function(word, chain());
      }
    }
  }

  private List<String> chain() {
    List<String> names = new ArrayList<>();
    while (at + 1 < text.length() && text.charAt(at) == '.' && isWord(text.charAt(at + 1))) {
      at++;
      String word = word();
      at += word.length();
      names.add(word);
    }
    return names;
  }

  private String variable() {
    int from = at++;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    return text.substring(from, at);
  }

  private void checkVariable(String variable) {
    if (!variables.contains(variable)) {
      throw failed("undefined variable " + StringSyntax.quote(variable));
    }
  }

  private Object number() {
    int from = at;
    if (text.charAt(at) == '-' || text.charAt(at) == '+') {
      at++;
    }
    while (at < text.length()
        && (isWord(text.charAt(at))
            || text.charAt(at) == '.'
            || ((text.charAt(at) == '-' || text.charAt(at) == '+')
                && "eEpP".indexOf(text.charAt(at - 1)) >= 0))) {
      at++;
    }
    String number = text.substring(from, at);
    Object value = GoValues.number(number);
    if (value == null) {
      throw failed("bad number syntax: " + StringSyntax.quote(number));
    }
    return value;
  }

  private String string() {
    char quote = text.charAt(at);
    int from = ++at;
    if (quote == '`') {
      int close = text.indexOf('`', at);
      if (close < 0) {
        throw failed("unterminated raw quoted string");
      }
      at = close + 1;
      return text.substring(from, close);
    }
    StringBuilder out = new StringBuilder();
    while (true) {
      if (at >= text.length() || text.charAt(at) == '\n') {
        throw failed("unterminated quoted string");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c == '\\') {
        out.appendCodePoint(escape());
      } else {
        out.append(c);
      }
    }
  }

  private int character() {
    at++;
    if (at >= text.length()) {
      throw failed("unterminated character constant");
    }
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    if (c == '\\') {
      c = escape();
    }
    if (at >= text.length() || text.charAt(at) != '\'') {
      throw failed("unterminated character constant");
    }
    at++;
    return c;
  }

  private int escape() {
    if (at >= text.length()) {
      throw failed("unterminated quoted string");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case '\\', '\'', '"' -> c;
      case 'x' -> digits(2, 16);
      case 'u' -> digits(4, 16);
      case 'U' -> digits(8, 16);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        at--;
        yield digits(3, 8);
      }
      default -> throw failed("invalid syntax");
    };
  }

  private int digits(int count, int radix) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), radix) : -1;
      if (digit < 0) {
        throw failed("invalid syntax");
      }
      value = value * radix + digit;
      at++;
    }
    if (!Character.isValidCodePoint((int) value) || value > Character.MAX_CODE_POINT) {
      throw failed("invalid syntax");
    }
    return (int) value;
  }

  // ---- places

  private boolean atClose() {
    return text.startsWith("}}", at) || text.startsWith("-}}", at);
  }

  private boolean closeAction(@Nullable String otherwise) {
    skipSpaces();
    if (text.startsWith("}}", at)) {
      at += 2;
      return false;
    }
    if (text.startsWith("-}}", at) && at > 0 && isSpace(text.charAt(at - 1))) {
      at += 3;
      return true;
    }
    throw failed(
        at >= text.length() || otherwise == null
            ? at >= text.length() ? "unclosed action" : "unexpected " + rest()
            : otherwise);
  }

  private String rest() {
    if (at >= text.length()) {
      return "EOF";
    }
    int end = Math.min(text.length(), at + 10);
    return "<" + text.substring(at, end) + ">";
  }

  private String word() {
    int end = at;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return text.substring(at, end);
  }

  private void skipSpaces() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private Place place(int position) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < position; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Place(line, position - lineStart, "");
  }

  private TemplateFailed failed(String what) {
    return new TemplateFailed(
        "template: " + name + ":" + place(Math.min(at, text.length())).line() + ": " + what);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static String stripLeading(String piece) {
    int from = 0;
    while (from < piece.length() && isSpace(piece.charAt(from))) {
      from++;
    }
    return piece.substring(from);
  }

  private static String stripTrailing(String piece) {
    int end = piece.length();
    while (end > 0 && isSpace(piece.charAt(end - 1))) {
      end--;
    }
    return piece.substring(0, end);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }
}
