// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression of RE2's syntax into instructions, as far as {@link OnePassRegex} and
 * {@link BacktrackingRegex} can follow it: no flags, no word boundaries, no Unicode classes,
 * nothing beyond Latin-1 but in negated classes.
 */
final class RegexSyntax {

  /** The expression is one for the general engine. */
  static final class Unsupported extends Exception {
    private static final long serialVersionUID = 1L;

    Unsupported(String what) {
      super(what);
    }
  }

  /** Characters of a class by number; the last stands for all beyond Latin-1. */
  static final int CHARACTERS = 257;

  private static final int MAX_INSTRUCTIONS = 2000;
  private static final int MAX_DEPTH = 50;
  private static final int MAX_REPEATS = 1000;

  /** What an instruction does. */
  enum Operation {
    /** Takes a character of its class. */
    TAKE,
    /** Goes to {@code next}, or if that leads nowhere to {@code other}. */
    SPLIT,
    /** Notes where it is as {@code other}. */
    NOTE,
    BEGIN,
    END,
    MATCH
  }

  /** One instruction. */
  static final class Instruction {
    final Operation operation;
    final boolean @Nullable [] characters;
    int next;
    int other;

    Instruction(Operation operation, boolean @Nullable [] characters, int next, int other) {
      this.operation = operation;
      this.characters = characters;
      this.next = next;
      this.other = other;
    }
  }

  private sealed interface Node {}

  private record Characters(boolean[] members) implements Node {}

  private record Place(Operation operation) implements Node {}

  private record Sequence(List<Node> parts) implements Node {}

  private record Choice(List<Node> options) implements Node {}

  private record Group(int number, Node content) implements Node {}

  private record Repeat(Node content, int least, int most, boolean greedy) implements Node {}

  private final String text;
  private final List<Instruction> program = new ArrayList<>();
  private int at;
  private int groups;
  private int depth;

  RegexSyntax(String text) {
    this.text = text;
  }

  /** The instructions; the first is where to begin. */
  List<Instruction> program() throws Unsupported {
    Node node = choice();
    if (at < text.length()) {
      throw new Unsupported("unbalanced");
    }
    add(Operation.NOTE, null, 0, 0);
    compile(node);
    add(Operation.NOTE, null, 0, 1);
    add(Operation.MATCH, null, 0, 0);
    return program;
  }

  int groups() {
    return groups;
  }

  private boolean sees(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private Node choice() throws Unsupported {
    if (++depth > MAX_DEPTH) {
      throw new Unsupported("too deep");
    }
    List<Node> options = new ArrayList<>();
    options.add(sequence());
    while (sees('|')) {
      at++;
      options.add(sequence());
    }
    depth--;
    return options.size() == 1 ? options.getFirst() : new Choice(options);
  }

  private Node sequence() throws Unsupported {
    List<Node> parts = new ArrayList<>();
    while (at < text.length() && !sees('|') && !sees(')')) {
      parts.add(repeated(atom()));
    }
    return new Sequence(parts);
  }

  private Node repeated(Node node) throws Unsupported {
    int least;
    int most = Integer.MAX_VALUE;
    if (sees('*')) {
      least = 0;
    } else if (sees('+')) {
      least = 1;
    } else if (sees('?')) {
      least = 0;
      most = 1;
    } else if (sees('{')) {
      int end = text.indexOf('}', at);
      String[] bounds = end < 0 ? new String[0] : text.substring(at + 1, end).split(",", -1);
      boolean numbers =
          (bounds.length == 1 || bounds.length == 2)
              && bounds[0].matches("\\d{1,4}")
              && (bounds.length == 1 || bounds[1].matches("\\d{0,4}"));
      if (!numbers) {
        throw new Unsupported("a brace");
      }
      least = Integer.parseInt(bounds[0]);
      if (bounds.length == 1) {
        most = least;
      } else if (!bounds[1].isEmpty()) {
        most = Integer.parseInt(bounds[1]);
      }
      if (least > MAX_REPEATS || most < least) {
        throw new Unsupported("repeats");
      }
      at = end;
    } else {
      return node;
    }
    at++;
    boolean greedy = !sees('?');
    if (!greedy) {
      at++;
    }
    if (most == Integer.MAX_VALUE && mayBeEmpty(node)) {
      // Which of the empty rounds count is RE2's own matter.
      throw new Unsupported("repeats of nothing");
    }
    if (node instanceof Place || sees('*') || sees('+') || sees('?') || sees('{')) {
      throw new Unsupported("repeats of repeats");
    }
    return new Repeat(node, least, most, greedy);
  }

  private static boolean mayBeEmpty(Node node) {
    return switch (node) {
      case Characters _ -> false;
      case Place _ -> true;
      case Sequence sequence -> sequence.parts.stream().allMatch(RegexSyntax::mayBeEmpty);
      case Choice choice -> choice.options.stream().anyMatch(RegexSyntax::mayBeEmpty);
      case Group group -> mayBeEmpty(group.content);
      case Repeat repeat -> repeat.least == 0 || mayBeEmpty(repeat.content);
    };
  }

  private Node atom() throws Unsupported {
    char c = text.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> new Characters(characterClass());
      case '.' -> new Characters(not(of('\n')));
      case '^' -> new Place(Operation.BEGIN);
      case '$' -> new Place(Operation.END);
      case '\\' -> escaped();
      case '*', '+', '?', '{', ')' -> throw new Unsupported("misplaced " + c);
      default -> new Characters(of(c));
    };
  }

  private Node group() throws Unsupported {
    int number = -1;
    if (sees('?')) {
      if (text.startsWith("?:", at)) {
        at += 2;
      } else if (text.startsWith("?P<", at) || text.startsWith("?<", at)) {
        at = text.indexOf('>', at) + 1;
        if (at == 0) {
          throw new Unsupported("a group's name");
        }
        number = ++groups;
      } else {
        throw new Unsupported("flags");
      }
    } else {
      number = ++groups;
    }
    Node content = choice();
    if (!sees(')')) {
      throw new Unsupported("unbalanced");
    }
    at++;
    return number < 0 ? content : new Group(number, content);
  }

  private Node escaped() throws Unsupported {
    if (sees('A') || sees('z')) {
      return new Place(text.charAt(at++) == 'A' ? Operation.BEGIN : Operation.END);
    }
    boolean[] known = known();
    return new Characters(known == null ? of(escape()) : known);
  }

  /** What {@code \d} and its like stand for; null when it is another escape. */
  private boolean @Nullable [] known() throws Unsupported {
    if (at == text.length()) {
      throw new Unsupported("an escape");
    }
    char c = text.charAt(at);
    boolean[] members =
        switch (Character.toLowerCase(c)) {
          case 'd' -> of("0-9");
          case 'w' -> of("0-9A-Za-z__");
          case 's' -> of("\t-\n\f-\r  ");
          default -> null;
        };
    if (members == null) {
      return null;
    }
    at++;
    return Character.isUpperCase(c) ? not(members) : members;
  }

  private char escape() throws Unsupported {
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> '\u000b';
      default -> {
        if (c > 0x7f || Character.isLetterOrDigit(c)) {
          throw new Unsupported("the escape " + c);
        }
        yield c;
      }
    };
  }

  private boolean[] characterClass() throws Unsupported {
    boolean negated = sees('^');
    if (negated) {
      at++;
    }
    boolean[] members = new boolean[CHARACTERS];
    boolean first = true;
    while (first || !sees(']')) {
      first = false;
      if (at >= text.length() || text.startsWith("[:", at)) {
        throw new Unsupported("a class");
      }
      if (sees('\\')) {
        at++;
        boolean[] known = known();
        if (known != null) {
          for (int i = 0; i < CHARACTERS; i++) {
            members[i] |= known[i];
          }
          continue;
        }
        at--;
      }
      char low = member();
      char high = low;
      if (sees('-') && at + 1 < text.length() && text.charAt(at + 1) != ']') {
        at++;
        high = member();
      }
      if (high > 0xff || low > high) {
        throw new Unsupported("a range");
      }
      for (int c = low; c <= high; c++) {
        members[c] = true;
      }
    }
    at++;
    return negated ? not(members) : members;
  }

  private char member() throws Unsupported {
    if (at >= text.length()) {
      throw new Unsupported("a class");
    }
    char c = text.charAt(at++);
    if (c != '\\') {
      return c;
    }
    if (at >= text.length()) {
      throw new Unsupported("an escape");
    }
    return escape();
  }

  private static boolean[] of(char c) throws Unsupported {
    if (c > 0xff) {
      throw new Unsupported("beyond Latin-1");
    }
    boolean[] members = new boolean[CHARACTERS];
    members[c] = true;
    return members;
  }

  /**
   * @param ranges first and last characters, with a character between them or none
   */
  private static boolean[] of(String ranges) {
    boolean[] members = new boolean[CHARACTERS];
    String bounds = ranges.replace("-", "");
    for (int i = 0; i < bounds.length(); i += 2) {
      for (int c = bounds.charAt(i); c <= bounds.charAt(i + 1); c++) {
        members[c] = true;
      }
    }
    return members;
  }

  private static boolean[] not(boolean[] members) {
    boolean[] others = new boolean[CHARACTERS];
    for (int i = 0; i < CHARACTERS; i++) {
      others[i] = !members[i];
    }
    return others;
  }

  private Instruction add(Operation operation, boolean @Nullable [] characters, int next, int other)
      throws Unsupported {
    if (program.size() >= MAX_INSTRUCTIONS) {
      throw new Unsupported("too long");
    }
    Instruction instruction = new Instruction(operation, characters, program.size() + 1, other);
    program.add(instruction);
    return instruction;
  }

  /** Appends instructions that end by going to the one behind them. */
  private void compile(Node node) throws Unsupported {
    switch (node) {
      case Characters characters -> add(Operation.TAKE, characters.members, 0, 0);
      case Place place -> add(place.operation, null, 0, 0);
      case Sequence sequence -> {
        for (Node part : sequence.parts) {
          compile(part);
        }
      }
      case Group group -> {
        add(Operation.NOTE, null, 0, 2 * group.number);
        compile(group.content);
        add(Operation.NOTE, null, 0, 2 * group.number + 1);
      }
      case Choice choice -> choice(choice.options);
      case Repeat repeat -> repeat(repeat);
    }
  }

  private void choice(List<Node> options) throws Unsupported {
    List<Instruction> ends = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      boolean last = i == options.size() - 1;
      Instruction split = last ? null : add(Operation.SPLIT, null, 0, 0);
      compile(options.get(i));
      if (split != null) {
        // Goes on behind the last option: a split whose ways are the same.
        ends.add(add(Operation.SPLIT, null, 0, 0));
        split.other = program.size();
      }
    }
    for (Instruction end : ends) {
      end.next = program.size();
      end.other = -1;
    }
  }

  private void repeat(Repeat repeat) throws Unsupported {
    for (int i = 0; i < repeat.least; i++) {
      compile(repeat.content);
    }
    if (repeat.most == Integer.MAX_VALUE) {
      int begin = program.size();
      Instruction split = add(Operation.SPLIT, null, 0, 0);
      compile(repeat.content);
      Instruction back = add(Operation.SPLIT, null, 0, 0);
      back.next = begin;
      back.other = -1;
      leave(split, repeat.greedy);
      return;
    }
    List<Instruction> splits = new ArrayList<>();
    for (int i = repeat.least; i < repeat.most; i++) {
      splits.add(add(Operation.SPLIT, null, 0, 0));
      compile(repeat.content);
    }
    for (Instruction split : splits) {
      leave(split, repeat.greedy);
    }
  }

  private void leave(Instruction split, boolean greedy) {
    if (greedy) {
      split.other = program.size();
    } else {
      split.other = split.next;
      split.next = program.size();
    }
  }
}
