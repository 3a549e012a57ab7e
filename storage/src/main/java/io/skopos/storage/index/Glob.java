// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts with gaps between them: {@code a.*b} is [a] gap [b]. Gap {@code i} stands before text
 * {@code i}, the last one behind the last text; each is {@link #NONE}, {@link #ANY} ({@code .*}) or
 * {@link #SOME} ({@code .+}).
 */
final class Glob {

  static final int NONE = -1;
  static final int ANY = 0;
  static final int SOME = 1;

  static final Glob EMPTY = new Glob(List.of(), List.of(NONE));

  private final List<String> texts;
  private final List<Integer> gaps;
  private final byte[][] bytes;

  private Glob(List<String> texts, List<Integer> gaps) {
    this.texts = texts;
    this.gaps = gaps;
    this.bytes = new byte[texts.size()][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = texts.get(i).getBytes(StandardCharsets.UTF_8);
    }
  }

  static Glob text(String text) {
    return new Glob(List.of(text), List.of(NONE, NONE));
  }

  static Glob gap(boolean atLeastOne) {
    return new Glob(List.of(), List.of(atLeastOne ? SOME : ANY));
  }

  /** Two {@code .+} in a row ask for two characters, which a gap cannot say. */
  boolean canBeFollowedBy(Glob tail) {
    return gaps.getLast() != SOME || tail.gaps.getFirst() != SOME;
  }

  Glob then(Glob tail) {
    List<String> joinedTexts = new ArrayList<>(texts);
    List<Integer> joinedGaps = new ArrayList<>(gaps);
    int seam = Math.max(joinedGaps.removeLast(), tail.gaps.getFirst());
    List<String> tailTexts = tail.texts;
    if (seam == NONE && !joinedTexts.isEmpty() && !tailTexts.isEmpty()) {
      joinedTexts.addLast(joinedTexts.removeLast() + tailTexts.getFirst());
      tailTexts = tailTexts.subList(1, tailTexts.size());
    } else {
      joinedGaps.add(seam);
    }
    joinedTexts.addAll(tailTexts);
    joinedGaps.addAll(tail.gaps.subList(1, tail.gaps.size()));
    return new Glob(joinedTexts, joinedGaps);
  }

  boolean isLiteral() {
    return gaps.stream().allMatch(gap -> gap == NONE);
  }

  /** The bytes of a literal glob. */
  byte[] literal() {
    return texts.isEmpty() ? new byte[0] : bytes[0];
  }

  /** {@code .*} or {@code .+}. */
  boolean isGap() {
    return texts.isEmpty() && gaps.getFirst() != NONE;
  }

  boolean matches(byte[] value, int offset, int length) {
    int from = offset;
    int to = offset + length;
    int first = 0;
    int last = bytes.length;
    if (isLiteral()) {
      byte[] all = literal();
      return Arrays.equals(value, from, to, all, 0, all.length);
    }
    if (gaps.getFirst() == NONE) {
      byte[] prefix = bytes[first++];
      if (!has(prefix, value, from, to)) {
        return false;
      }
      from += prefix.length;
    }
    if (gaps.getLast() == NONE) {
      byte[] suffix = bytes[--last];
      if (to - from < suffix.length || !has(suffix, value, to - suffix.length, to)) {
        return false;
      }
      to -= suffix.length;
    }
    for (int i = first; i < last; i++) {
      int found = indexOf(bytes[i], value, from + gaps.get(i), to);
      if (found < 0) {
        return false;
      }
      from = found + bytes[i].length;
    }
    return to - from >= gaps.get(last);
  }

  private static boolean has(byte[] text, byte[] value, int from, int to) {
    return to - from >= text.length
        && Arrays.equals(value, from, from + text.length, text, 0, text.length);
  }

  private static int indexOf(byte[] text, byte[] value, int from, int to) {
    for (int at = from; at <= to - text.length; at++) {
      if (value[at] == text[0]
          && Arrays.equals(value, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Glob glob && texts.equals(glob.texts) && gaps.equals(glob.gaps);
  }

  @Override
  public int hashCode() {
    return 31 * texts.hashCode() + gaps.hashCode();
  }
}
