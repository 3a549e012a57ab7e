// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.logs.store.EntryCondition;
import io.skopos.storage.bytes.DamagedBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** A condition on the values of a field, as they stand in lines. */
public final class FieldTest {

  private static final int LONGEST_NUMBER = 64;

  private final EntryCondition.Value wanted;
  private final boolean escapes;
  private final Set<String> texts;
  private final byte[][] textBytes;

  /**
   * @param escapes whether a backslash begins an escape
   */
  public FieldTest(EntryCondition.Value wanted, boolean escapes) {
    this.wanted = wanted;
    this.escapes = escapes;
    this.texts =
        wanted instanceof EntryCondition.Value.OneOf oneOf
            ? new HashSet<>(oneOf.texts())
            : Set.of();
    this.textBytes =
        texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  /** Whether numbers between these bounds are all that fits. */
  boolean isBetween() {
    return wanted instanceof EntryCondition.Value.Between;
  }

  /** What is no number fits: what it is worth then is not for the store to say. */
  boolean fits(double number) {
    return wanted instanceof EntryCondition.Value.Between between
        && !(number < between.least() || number > between.greatest());
  }

  /** Whether any number from one to the other fits. */
  boolean overlaps(double least, double greatest) {
    return !(wanted instanceof EntryCondition.Value.Between between)
        || (least <= between.greatest() && greatest >= between.least());
  }

  /** Whether a field that is not there fits. */
  public boolean fitsMissing() {
    return texts.contains("");
  }

  /** Whether a label's value fits. */
  public boolean fits(String label) {
    byte[] text = label.getBytes(StandardCharsets.UTF_8);
    return fits(text, 0, text.length);
  }

  boolean fits(byte[] text, int from, int to) {
    return switch (wanted) {
      case EntryCondition.Value.Between _ ->
          !isDecimal(text, from, to) || fits(number(text, from, to));
      case EntryCondition.Value.Present _ -> to > from;
      case EntryCondition.Value.OneOf _ -> isOneOf(text, from, to);
    };
  }

  /** Whether there is nothing in it that languages read differently, as blanks and suffixes. */
  private static boolean isDecimal(byte[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      byte one = text[at];
      boolean known =
          (one >= '0' && one <= '9')
              || one == '.'
              || one == '-'
              || one == '+'
              || one == 'e'
              || one == 'E';
      if (!known) {
        return false;
      }
    }
    return true;
  }

  private boolean isOneOf(byte[] text, int from, int to) {
    for (int at = from; escapes && at < to; at++) {
      if (text[at] == '\\') {
        return texts.contains(text(text, from, to, true));
      }
    }
    for (byte[] one : textBytes) {
      if (Arrays.equals(one, 0, one.length, text, from, to)) {
        return true;
      }
    }
    return false;
  }

  /** A value without its escapes. */
  public static String text(byte[] text, int from, int to, boolean escapes) {
    for (int at = from; escapes && at < to; at++) {
      if (text[at] == '\\') {
        return unescaped(new String(text, from, to - from, StandardCharsets.UTF_8));
      }
    }
    return new String(text, from, to - from, StandardCharsets.UTF_8);
  }

  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char one = text.charAt(at);
      if (one != '\\' || at + 1 == text.length()) {
        out.append(one);
        continue;
      }
      char letter = text.charAt(++at);
      switch (letter) {
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          out.append(unit(text, at + 1));
          at += 4;
        }
        default -> out.append(letter);
      }
    }
    return out.toString();
  }

  private static char unit(String text, int from) {
    try {
      return (char) Integer.parseInt(text, from, from + 4, 16);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new DamagedBytes("an escape without its digits in a field");
    }
  }

  /** As {@code Double.parseDouble} reads it; NaN for what it refuses and for what others do. */
  static double number(byte[] text, int from, int to) {
    if (from == to || to - from > LONGEST_NUMBER) {
      return Double.NaN;
    }
    long integer = NumberText.parse(text, from, to);
    if (integer != NumberText.NONE && Math.abs(integer) < 1L << 53) {
      return integer;
    }
    byte first = text[from];
    boolean mayBe =
        (first >= '0' && first <= '9')
            || first == '-'
            || first == '+'
            || first == '.'
            || first == 'I'
            || first <= ' ';
    if (!mayBe || !isDecimal(text, from, to)) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(new String(text, from, to - from, StandardCharsets.ISO_8859_1));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
