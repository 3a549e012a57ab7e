// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A condition on one column of a row. */
public sealed interface RowCondition {

  String column();

  /** Whether the row fits; {@code values} is null when no row of the block has the column. */
  boolean fits(@Nullable Column values, int row);

  /** Bytes that a fitting value is sure to contain, for filters; null when nothing is sure. */
  default byte @Nullable [] needle() {
    return null;
  }

  /** The value is one of these; a missing value counts as empty. */
  record OneOf(String column, List<byte[]> wanted) implements RowCondition {

    public static OneOf of(String column, Set<String> wanted) {
      return new OneOf(
          column, wanted.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList());
    }

    @Override
    public boolean fits(@Nullable Column values, int row) {
      for (byte[] value : wanted) {
        if (values instanceof Column.Bytes bytes && bytes.has(row)
            ? bytes.equal(row, value)
            : value.length == 0) {
          return true;
        }
      }
      return false;
    }

    @Override
    public byte @Nullable [] needle() {
      return wanted.size() == 1 ? wanted.getFirst() : null;
    }
  }

  /**
   * The value contains these bytes; with {@code ignoreCase}, ASCII letters of either case are
   * equal.
   */
  record Contains(String column, byte[] part, boolean ignoreCase) implements RowCondition {

    @Override
    public boolean fits(@Nullable Column values, int row) {
      return values instanceof Column.Bytes bytes
          && bytes.has(row)
          && indexOf(bytes.data(), bytes.start(row), bytes.end(row)) >= 0;
    }

    @Override
    public byte @Nullable [] needle() {
      return ignoreCase ? null : part;
    }

    private int indexOf(byte[] data, int from, int to) {
      if (part.length == 0) {
        return from;
      }
      for (int at = from; at <= to - part.length; at++) {
        int i = 0;
        while (i < part.length && same(data[at + i], part[i])) {
          i++;
        }
        if (i == part.length) {
          return at;
        }
      }
      return -1;
    }

    private boolean same(byte left, byte right) {
      return left == right || (ignoreCase && lower(left) == lower(right));
    }

    private static int lower(byte letter) {
      return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    }
  }

  /** A label matcher, regular expressions anchored; a missing value counts as empty. */
  record Matches(String column, Matcher matcher, @Nullable LabelPattern pattern)
      implements RowCondition {

    private static final byte[] EMPTY = new byte[0];

    /**
     * @throws IllegalArgumentException when the regular expression is malformed or too large
     */
    public static Matches of(String column, Matcher matcher) {
      boolean regex =
          switch (matcher.type()) {
            case REGEX, NOT_REGEX -> true;
            case EQUAL, NOT_EQUAL -> false;
          };
      return new Matches(column, matcher, regex ? LabelPattern.compile(matcher.value()) : null);
    }

    @Override
    public boolean fits(@Nullable Column values, int row) {
      byte[] data = EMPTY;
      int from = 0;
      int to = 0;
      if (values instanceof Column.Bytes bytes && bytes.has(row)) {
        data = bytes.data();
        from = bytes.start(row);
        to = bytes.end(row);
      }
      boolean same =
          pattern != null
              ? pattern.matches(data, from, to - from)
              : Arrays.equals(data, from, to, value(), 0, value().length);
      return switch (matcher.type()) {
        case EQUAL, REGEX -> same;
        case NOT_EQUAL, NOT_REGEX -> !same;
      };
    }

    @Override
    public byte @Nullable [] needle() {
      return matcher.type() == Matcher.Type.EQUAL ? value() : null;
    }

    private byte[] value() {
      return matcher.value().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** An integer within both bounds; a missing one never fits. */
  record Between(String column, long least, long greatest) implements RowCondition {
    @Override
    public boolean fits(@Nullable Column values, int row) {
      return values instanceof Column.Integers integers
          && integers.has(row)
          && integers.values()[row] >= least
          && integers.values()[row] <= greatest;
    }
  }

  /** The row has the column. */
  record Present(String column) implements RowCondition {
    @Override
    public boolean fits(@Nullable Column values, int row) {
      return values != null && values.has(row);
    }
  }
}
