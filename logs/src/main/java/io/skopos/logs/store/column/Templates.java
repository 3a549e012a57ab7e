// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.model.Fingerprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts sorted by what they have in common: finds each text's template, and collects the values
 * that stand in its slots. Bounded in number and size; what finds no room has none. Not
 * thread-safe.
 */
final class Templates {

  static final int MOST = 1024;
  private static final int MOST_BYTES = 1 << 19;

  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

  private static final Fingerprint HASH = Fingerprint.random();

  /** What texts of one kind share. */
  static final class Template {
    final int syntax;
    final long hash;
    final int slots;

    /** Between the slots; one more than these. */
    final byte[] bytes;

    final int[] ends;
    final @Nullable List<@Nullable String> names;

    /** The texts, and slot after slot of each where it begins and ends. */
    int[] texts = new int[8];

    int[] places;
    int count;

    Template(
        int syntax,
        long hash,
        int slots,
        byte[] bytes,
        int[] ends,
        @Nullable List<@Nullable String> names) {
      this.syntax = syntax;
      this.hash = hash;
      this.slots = slots;
      this.bytes = bytes;
      this.ends = ends;
      this.names = names;
      this.places = new int[Math.max(8, 8 * 2 * slots)];
    }
  }

  final List<Template> all = new ArrayList<>();
  private int[] table = new int[4 * MOST];
  private int bytes;
  private byte[] joined = new byte[4096];
  private @Nullable Template last;

  void clear() {
    all.clear();
    Arrays.fill(table, 0);
    bytes = 0;
    last = null;
  }

  /**
   * Adds a text.
   *
   * @param slots of the text; names are asked for when the template is new
   * @return whether there was room for it
   */
  boolean add(int number, byte[] text, int from, int to, int syntax, Slots slots, Namer namer) {
    Template before = last;
    if (before == null || !isOf(before, text, from, to, syntax, slots)) {
      before = find(text, from, to, syntax, slots, namer);
      if (before == null) {
        return false;
      }
      last = before;
    }
    put(before, number, slots);
    return true;
  }

  private static void put(Template template, int number, Slots slots) {
    int at = template.count++;
    if (at == template.texts.length) {
      template.texts = Arrays.copyOf(template.texts, at * 2);
      template.places = Arrays.copyOf(template.places, Math.max(8, at * 2 * 2 * template.slots));
    }
    template.texts[at] = number;
    int place = at * 2 * template.slots;
    for (int i = 0; i < template.slots; i++) {
      template.places[place++] = slots.from[i];
      template.places[place++] = slots.to[i];
    }
  }

  /**
   * Adds a text that is JSON of the same shape as the one before, without a backslash or a byte
   * beyond ASCII in its strings; most lines are. Looks at each byte once.
   *
   * @return false for others, which nothing was done with
   */
  boolean addAlike(int number, byte[] text, int from, int to, Slots slots) {
    Template before = last;
    if (before == null || before.syntax != ColumnFormat.SYNTAX_JSON) {
      return false;
    }
    slots.clear();
    byte[] pieces = before.bytes;
    int at = from;
    int piece = 0;
    for (int i = 0; i <= before.slots; i++) {
      int pieceEnd = before.ends[i];
      int length = pieceEnd - piece;
      if (to - at < length || !Arrays.equals(text, at, at + length, pieces, piece, pieceEnd)) {
        return false;
      }
      at += length;
      piece = pieceEnd;
      if (i == before.slots) {
        break;
      }
      int start = at;
      at = pieces[pieceEnd - 1] == '"' ? plainString(text, at, to) : plainScalar(text, at, to);
      if (at < 0) {
        return false;
      }
      slots.add(start, at);
    }
    if (at != to) {
      return false;
    }
    put(before, number, slots);
    return true;
  }

  private static int plainString(byte[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      byte one = text[at];
      if (one == '"') {
        return at;
      }
      if (one < ' ' || one == '\\') {
        return -1;
      }
    }
    return -1;
  }

  /** Behind a number without an exponent, or a truth value. */
  private static int plainScalar(byte[] text, int from, int to) {
    if (from < to && (text[from] == 't' || text[from] == 'f')) {
      byte[] word = text[from] == 't' ? TRUE : FALSE;
      int end = from + word.length;
      return end <= to && Arrays.equals(text, from, end, word, 0, word.length) ? end : -1;
    }
    int at = from < to && text[from] == '-' ? from + 1 : from;
    int first = at;
    while (at < to && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == first || (text[first] == '0' && at - first > 1)) {
      return -1;
    }
    if (at < to && text[at] == '.') {
      int fraction = ++at;
      while (at < to && text[at] >= '0' && text[at] <= '9') {
        at++;
      }
      if (at == fraction) {
        return -1;
      }
    }
    return at;
  }

  /** Gives the names of the slots of a text once more, with names. */
  @FunctionalInterface
  interface Namer {
    @Nullable List<@Nullable String> names();
  }

  private @Nullable Template find(
      byte[] text, int from, int to, int syntax, Slots slots, Namer namer) {
    int length = to - from;
    if (joined.length < length + 4 * slots.count + 8) {
      joined = new byte[2 * length + 4 * slots.count + 8];
    }
    int size = 0;
    int start = from;
    for (int i = 0; i <= slots.count; i++) {
      int end = i == slots.count ? to : slots.from[i];
      System.arraycopy(text, start, joined, size, end - start);
      size += end - start;
      // A mark between pieces, so that other cuts of the same bytes are other templates.
      joined[size++] = 0;
      start = i == slots.count ? to : slots.to[i];
    }
    long hash = HASH.hash64(joined, 0, size) + syntax;
    int mask = table.length - 1;
    int slot = (int) hash & mask;
    while (table[slot] != 0) {
      Template one = all.get(table[slot] - 1);
      if (one.hash == hash && isOf(one, text, from, to, syntax, slots)) {
        return one;
      }
      slot = slot + 1 & mask;
    }
    int pieceBytes = size - slots.count - 1;
    if (all.size() == MOST || bytes + pieceBytes > MOST_BYTES) {
      return null;
    }
    bytes += pieceBytes;
    byte[] pieces = new byte[pieceBytes];
    int[] ends = new int[slots.count + 1];
    int at = 0;
    start = from;
    for (int i = 0; i <= slots.count; i++) {
      int end = i == slots.count ? to : slots.from[i];
      System.arraycopy(text, start, pieces, at, end - start);
      at += end - start;
      ends[i] = at;
      start = i == slots.count ? to : slots.to[i];
    }
    Template made = new Template(syntax, hash, slots.count, pieces, ends, namer.names());
    all.add(made);
    table[slot] = all.size();
    return made;
  }

  private static boolean isOf(
      Template template, byte[] text, int from, int to, int syntax, Slots slots) {
    if (template.syntax != syntax || template.slots != slots.count) {
      return false;
    }
    int start = from;
    int at = 0;
    for (int i = 0; i <= slots.count; i++) {
      int end = i == slots.count ? to : slots.from[i];
      int pieceEnd = template.ends[i];
      if (end - start != pieceEnd - at
          || !Arrays.equals(text, start, end, template.bytes, at, pieceEnd)) {
        return false;
      }
      at = pieceEnd;
      start = i == slots.count ? to : slots.to[i];
    }
    return true;
  }
}
