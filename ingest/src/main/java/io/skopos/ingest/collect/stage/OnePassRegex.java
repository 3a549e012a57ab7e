// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.collect.stage.RegexSyntax.Instruction;
import io.skopos.ingest.collect.stage.RegexSyntax.Unsupported;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of which every character says how to go on, as most are that take lines
 * apart: {@code ^(?P<time>\S+) (?P<level>\w+) (?P<text>.*)$}. Groups are then noted on the way,
 * with one table look-up for each character, as RE2's one-pass matcher does. Finds what RE2 finds:
 * the leftmost place, and of the ways there the first. Thread-safe.
 */
final class OnePassRegex {

  /** Places that can be noted; they fit a number's bits. */
  private static final int MAX_PLACES = 32;

  private static final int MAX_STATES = 2000;
  private static final int NONE = -1;

  /** The character says nothing if the expression fits before it. */
  private static final int MATCH_FIRST = 1 << 30;

  private final byte[] classes = new byte[RegexSyntax.CHARACTERS];
  private final int width;
  private final int places;

  /** By state and class: the next state, times the width; {@link #NONE} when there is none. */
  private final int[] steps;

  /** By state and class: the places noted before the character. */
  private final int[] notes;

  /** By state: whether it fits here, and only at the end. */
  private final boolean[] fits;

  private final boolean[] fitsAtEnd;
  private final int[] notesOfFit;
  private final int startAtBegin;
  private final int start;

  /** Classes that a match that is not at the text's beginning begins with. */
  private final boolean[] begins;

  /** Whether a match begins at the text's beginning, if there is one. */
  private final boolean anchored;

  /** An instruction that is gone on from. */
  private record Origin(int instruction, boolean atBegin) {}

  /** A way from an instruction that took no character. */
  private record Way(int instruction, int notes, boolean end) {}

  private OnePassRegex(List<Instruction> program, int groups) throws Unsupported {
    places = 2 * (groups + 1);
    if (places > MAX_PLACES) {
      throw new Unsupported("groups");
    }
    width = findClasses(program);
    Map<Origin, Integer> states = new HashMap<>();
    List<Origin> order = new ArrayList<>();
    List<int[]> allSteps = new ArrayList<>();
    List<int[]> allNotes = new ArrayList<>();
    List<int[]> ends = new ArrayList<>();
    startAtBegin = state(new Origin(0, true), states, order);
    start = state(new Origin(0, false), states, order);
    for (int i = 0; i < order.size(); i++) {
      int[] newSteps = new int[width];
      int[] newNotes = new int[width];
      Arrays.fill(newSteps, NONE);
      ends.add(follow(program, order.get(i), newSteps, newNotes, states, order));
      allSteps.add(newSteps);
      allNotes.add(newNotes);
    }
    int count = order.size();
    steps = new int[count * width];
    notes = new int[count * width];
    fits = new boolean[count];
    fitsAtEnd = new boolean[count];
    notesOfFit = new int[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(allSteps.get(i), 0, steps, i * width, width);
      System.arraycopy(allNotes.get(i), 0, notes, i * width, width);
      int[] end = ends.get(i);
      fits[i] = end.length > 0 && end[1] == 0;
      fitsAtEnd[i] = end.length > 0;
      notesOfFit[i] = end.length > 0 ? end[0] : 0;
    }
    begins = new boolean[width];
    boolean none = !fitsAtEnd[start / width];
    for (int i = 0; i < width; i++) {
      begins[i] = steps[start + i] != NONE;
      none &= !begins[i];
    }
    anchored = none;
  }

  /** Null when the expression is none of these: another engine must run it. */
  static @Nullable OnePassRegex of(String expression) {
    try {
      RegexSyntax syntax = new RegexSyntax(expression);
      List<Instruction> program = syntax.program();
      return new OnePassRegex(program, syntax.groups());
    } catch (Unsupported e) {
      return null;
    }
  }

  /** Characters that no instruction tells apart have one class. */
  private int findClasses(List<Instruction> program) throws Unsupported {
    Map<List<Integer>, Integer> known = new HashMap<>();
    for (int c = 0; c < RegexSyntax.CHARACTERS; c++) {
      List<Integer> takers = new ArrayList<>();
      for (int i = 0; i < program.size(); i++) {
        boolean[] members = program.get(i).characters;
        if (members != null && members[c]) {
          takers.add(i);
        }
      }
      Integer number = known.putIfAbsent(takers, known.size());
      classes[c] = (byte) (number == null ? known.size() - 1 : number);
    }
    if (known.size() > 127) {
      throw new Unsupported("classes");
    }
    return known.size();
  }

  private int state(Origin origin, Map<Origin, Integer> states, List<Origin> order)
      throws Unsupported {
    Integer known = states.get(origin);
    if (known != null) {
      return known;
    }
    if (order.size() >= MAX_STATES) {
      throw new Unsupported("states");
    }
    int number = order.size() * width;
    states.put(origin, number);
    order.add(origin);
    return number;
  }

  /** Where each class leads; and the notes of a fit, and whether it is one at the end only. */
  private int[] follow(
      List<Instruction> program,
      Origin origin,
      int[] newSteps,
      int[] newNotes,
      Map<Origin, Integer> states,
      List<Origin> order)
      throws Unsupported {
    int[] fit = new int[0];
    boolean[] seen = new boolean[program.size()];
    Deque<Way> ways = new ArrayDeque<>();
    ways.push(new Way(origin.instruction, 0, false));
    while (!ways.isEmpty()) {
      Way way = ways.pop();
      if (seen[way.instruction]) {
        throw new Unsupported("two ways");
      }
      seen[way.instruction] = true;
      Instruction instruction = program.get(way.instruction);
      switch (instruction.operation) {
        case SPLIT -> {
          if (instruction.other >= 0) {
            ways.push(new Way(instruction.other, way.notes, way.end));
          }
          ways.push(new Way(instruction.next, way.notes, way.end));
        }
        case NOTE ->
            ways.push(new Way(instruction.next, way.notes | 1 << instruction.other, way.end));
        case BEGIN -> {
          if (origin.atBegin) {
            ways.push(new Way(instruction.next, way.notes, way.end));
          }
        }
        case END -> ways.push(new Way(instruction.next, way.notes, true));
        case MATCH -> {
          if (fit.length > 0) {
            throw new Unsupported("two fits");
          }
          fit = new int[] {way.notes, way.end ? 1 : 0};
        }
        case TAKE -> {
          if (!way.end) {
            boolean[] members = instruction.characters;
            int next = state(new Origin(instruction.next, false), states, order);
            take(
                members == null ? new boolean[0] : members,
                way.notes,
                next,
                fit,
                newSteps,
                newNotes);
          }
        }
      }
    }
    return fit;
  }

  private void take(
      boolean[] members, int notesOfWay, int next, int[] fit, int[] newSteps, int[] newNotes)
      throws Unsupported {
    boolean[] done = new boolean[width];
    for (int c = 0; c < members.length; c++) {
      int number = classes[c];
      if (members[c] && !done[number]) {
        done[number] = true;
        if (newSteps[number] != NONE) {
          throw new Unsupported("two ways");
        }
        newSteps[number] = next | (fit.length > 0 ? MATCH_FIRST : 0);
        newNotes[number] = notesOfWay;
      }
    }
  }

  Matcher matcher() {
    return new Matcher();
  }

  /** Looks at one text after the other. Used by one thread. */
  final class Matcher implements RegexMatcher {

    /** What was tried before giving up, in characters and beside the text's length. */
    private static final int PATIENCE = 4;

    private String text = "";
    private int[] found = new int[places];
    private int[] now = new int[places];

    @Override
    public Result find(String newText) {
      text = newText;
      int length = text.length();
      int patience = PATIENCE * length + 64;
      for (int from = 0; from <= (anchored ? 0 : length); from++) {
        if (from > 0) {
          from = candidate(from);
          if (from < 0) {
            return Result.MISSING;
          }
        }
        int tried = run(from);
        if (tried < 0) {
          return tried == FITS ? Result.FOUND : Result.UNKNOWN;
        }
        patience -= tried;
        if (patience < 0) {
          return Result.UNKNOWN;
        }
      }
      return Result.MISSING;
    }

    /** Where a match may begin, from a place behind the text's beginning; -1 when nowhere. */
    private int candidate(int from) {
      int length = text.length();
      if (fitsAtEnd[start / width]) {
        return from;
      }
      for (int i = from; i < length; i++) {
        char c = text.charAt(i);
        if (begins[classes[c < 256 ? c : 256]]) {
          return i;
        }
      }
      return -1;
    }

    private static final int FITS = -1;
    private static final int FOREIGN = -2;

    /** Characters that were looked at in vain; negative when that is not so. */
    private int run(int from) {
      int length = text.length();
      Arrays.fill(now, -1);
      int state = from == 0 ? startAtBegin : start;
      boolean matched = false;
      for (int i = from; ; i++) {
        int step = NONE;
        int index = 0;
        if (i < length) {
          char c = text.charAt(i);
          if (Character.isSurrogate(c)) {
            return FOREIGN;
          }
          index = state + classes[c < 256 ? c : 256];
          step = steps[index];
        }
        int number = state / width;
        boolean here = fits[number] || i == length && fitsAtEnd[number];
        if (here) {
          boolean last = step == NONE || (step & MATCH_FIRST) != 0;
          if (last || !fits[step / width]) {
            System.arraycopy(now, 0, found, 0, places);
            note(found, notesOfFit[number], i);
            matched = true;
            if (last) {
              return FITS;
            }
          }
        }
        if (step == NONE) {
          return matched ? FITS : i - from + 1;
        }
        if (notes[index] != 0) {
          note(now, notes[index], i);
        }
        state = step & ~MATCH_FIRST;
      }
    }

    private static void note(int[] into, int which, int at) {
      for (int rest = which; rest != 0; rest &= rest - 1) {
        into[Integer.numberOfTrailingZeros(rest)] = at;
      }
    }

    @Override
    public @Nullable String group(int number) {
      int from = found[2 * number];
      int to = found[2 * number + 1];
      return from < 0 || to < 0 ? null : text.substring(from, to);
    }
  }
}
