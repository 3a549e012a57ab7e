// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.logs.store.EntryCondition.Syntax;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts by template: which one each has, and for each slot of each template a column of what stands
 * in it, value by value in the order of the texts. Texts without a template stand in a last column.
 */
public final class TemplateColumn extends Column {

  /** What texts share, and what they do not. */
  public static final class Template {
    final int syntax;
    final int count;
    final byte[] bytes;

    /** Where each piece begins; one more than there are pieces. */
    final int[] pieces;

    final @Nullable String[] names;
    final Column[] slots;

    Template(int syntax, int count, byte[] bytes, int[] pieces, @Nullable String[] names) {
      this.syntax = syntax;
      this.count = count;
      this.bytes = bytes;
      this.pieces = pieces;
      this.names = names;
      this.slots = new Column[names.length];
    }

    /** How its texts were taken apart; null when fields were not looked for. */
    public @Nullable Syntax syntax() {
      return switch (syntax) {
        case ColumnFormat.SYNTAX_JSON -> Syntax.JSON;
        case ColumnFormat.SYNTAX_LOGFMT -> Syntax.LOGFMT;
        default -> null;
      };
    }

    public int slots() {
      return slots.length;
    }

    /** Null when the slot is no field. */
    public @Nullable String name(int slot) {
      return names[slot];
    }

    public Column column(int slot) {
      return slots[slot];
    }

    /** The slot of a field; -1 when there is none. */
    public int slot(String name) {
      for (int i = 0; i < names.length; i++) {
        if (name.equals(names[i])) {
          return i;
        }
      }
      return -1;
    }
  }

  private final Template[] templates;
  private final PackedInts codes;
  private final @Nullable Column rest;
  private int[] template = new int[0];
  private int[] ranks = new int[0];
  private boolean isSingle;
  private final ByteWriter value = new ByteWriter(64);

  TemplateColumn(int count, ByteReader in, PageSource pages, int depth) {
    super(count);
    if (depth == 0) {
      throw new DamagedBytes("templates within templates, too many");
    }
    templates = new Template[in.count(Templates.MOST, "templates")];
    long all = 0;
    for (int i = 0; i < templates.length; i++) {
      templates[i] = template(in);
      all += templates[i].count;
    }
    int others = in.count(count, "texts without a template");
    if (all + others != count) {
      throw new DamagedBytes((all + others) + " texts in a column of " + count);
    }
    codes = PackedInts.read(count, in, pages);
    for (Template one : templates) {
      for (int slot = 0; slot < one.slots.length; slot++) {
        one.slots[slot] = Column.read(one.count, in, pages, depth - 1);
      }
    }
    rest = others == 0 ? null : Column.read(others, in, pages, depth - 1);
  }

  private static Template template(ByteReader in) {
    int syntax = in.uint8();
    int count = in.count(Integer.MAX_VALUE, "texts");
    int slots = in.count(in.remaining(), "slots");
    int[] pieces = new int[slots + 2];
    boolean metadata = syntax == ColumnFormat.SYNTAX_METADATA;
    if (!metadata) {
      long length = 0;
      for (int i = 0; i <= slots; i++) {
        length += in.count(in.remaining(), "bytes");
        if (length > in.remaining()) {
          throw new DamagedBytes("a template of " + length + " bytes");
        }
        pieces[i + 1] = (int) length;
      }
      int from = in.position();
      in.skip((int) length);
      for (int i = 0; i < pieces.length; i++) {
        pieces[i] += from;
      }
    }
    @Nullable String[] names = new @Nullable String[slots];
    if (syntax != ColumnFormat.SYNTAX_NONE) {
      for (int i = 0; i < slots; i++) {
        int length = in.count(in.remaining(), "bytes of a name");
        if (length > 0) {
          names[i] = new String(in.array(), in.position(), length - 1, StandardCharsets.UTF_8);
          in.skip(length - 1);
        } else if (metadata) {
          throw new DamagedBytes("metadata without a name");
        }
      }
    }
    return new Template(syntax, count, in.array(), pieces, names);
  }

  /** Finds out which template each text has, and the how manieth of it it is. */
  private void rank() {
    if (codes.width == 0 && templates.length == 1 && rest == null && codes.least == 0) {
      // Most blocks of JSON: one template has all texts.
      isSingle = true;
      return;
    }
    int[] which = new int[count];
    int[] rank = new int[count];
    int[] next = new int[templates.length + 1];
    for (int i = 0; i < count; i++) {
      long code = codes.get(i);
      if (code < 0 || code > templates.length) {
        throw new DamagedBytes("template " + code + " of " + templates.length);
      }
      which[i] = (int) code;
      rank[i] = next[(int) code]++;
    }
    for (int i = 0; i < templates.length; i++) {
      if (next[i] != templates[i].count) {
        throw new DamagedBytes(next[i] + " texts of a template that has " + templates[i].count);
      }
    }
    template = which;
    ranks = rank;
  }

  private void ensureRanked() {
    if (template.length != count && !isSingle) {
      rank();
    }
  }

  public int templates() {
    return templates.length;
  }

  public Template template(int number) {
    return templates[number];
  }

  /** Which template a text has; {@link #templates} for none. */
  public int templateOf(int text) {
    ensureRanked();
    return isSingle ? 0 : template[text];
  }

  /** Where in the columns of its template a text's values stand. */
  public int rankOf(int text) {
    ensureRanked();
    return isSingle ? text : ranks[text];
  }

  @Override
  public void append(int text, int row, ByteWriter out) {
    int which = templateOf(text);
    int rank = rankOf(text);
    if (which == templates.length) {
      if (rest != null) {
        rest.append(rank, row, out);
      }
      return;
    }
    Template one = templates[which];
    if (one.syntax == ColumnFormat.SYNTAX_METADATA) {
      appendMetadata(one, rank, row, out);
      return;
    }
    byte[] bytes = one.bytes;
    int[] pieces = one.pieces;
    Column[] slots = one.slots;
    for (int slot = 0; slot < slots.length; slot++) {
      int from = pieces[slot];
      out.put(bytes, from, pieces[slot + 1] - from);
      slots[slot].append(rank, row, out);
    }
    int from = pieces[slots.length];
    out.put(bytes, from, pieces[slots.length + 1] - from);
  }

  @Override
  public int length(int text, int row, ByteWriter scratch) {
    int which = templateOf(text);
    if (which == templates.length) {
      return rest == null ? 0 : rest.length(rankOf(text), row, scratch);
    }
    Template one = templates[which];
    if (one.syntax == ColumnFormat.SYNTAX_METADATA) {
      return super.length(text, row, scratch);
    }
    int rank = rankOf(text);
    int length = one.pieces[one.slots.length + 1] - one.pieces[0];
    for (Column slot : one.slots) {
      length += slot.length(rank, row, scratch);
    }
    return length;
  }

  private void appendMetadata(Template one, int rank, int row, ByteWriter out) {
    for (int slot = 0; slot < one.slots.length; slot++) {
      String name = one.names[slot];
      byte[] bytes = name == null ? new byte[0] : name.getBytes(StandardCharsets.UTF_8);
      out.sized(bytes, 0, bytes.length);
      value.clear();
      one.slots[slot].append(rank, row, value);
      out.sized(value.bytes, 0, value.size);
    }
  }

  @Override
  public void find(Needle run, BitSet into) {
    boolean[] whole = new boolean[templates.length + 1];
    @Nullable BitSet[] some = new @Nullable BitSet[templates.length + 1];
    boolean any = false;
    for (int i = 0; i < templates.length; i++) {
      Template one = templates[i];
      whole[i] = isInPieces(run, one);
      any |= whole[i];
      if (!whole[i]) {
        BitSet found = new BitSet();
        for (Column slot : one.slots) {
          slot.find(run, found);
        }
        some[i] = found;
        any |= !found.isEmpty();
      }
    }
    if (rest != null) {
      BitSet found = new BitSet();
      rest.find(run, found);
      some[templates.length] = found;
      any |= !found.isEmpty();
    }
    if (any) {
      mark(whole, some, into);
    }
  }

  private static boolean isInPieces(Needle run, Template one) {
    for (int i = 0; i + 1 < one.pieces.length; i++) {
      if (run.isIn(one.bytes, one.pieces[i], one.pieces[i + 1])) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param whole of templates, whether all their texts are marked
   * @param some else, which ones
   */
  private void mark(boolean[] whole, @Nullable BitSet[] some, BitSet into) {
    if (templates.length == 1 && rest == null) {
      BitSet own = some[0];
      if (whole[0]) {
        into.set(0, count);
      } else if (own != null) {
        into.or(own);
      }
      return;
    }
    ensureRanked();
    for (int i = 0; i < count; i++) {
      int which = template[i];
      BitSet own = some[which];
      if (whole[which] || (own != null && own.get(ranks[i]))) {
        into.set(i);
      }
    }
  }

  /**
   * Marks the texts whose field fits, and all whose fields are not known.
   *
   * @param syntax null for metadata
   */
  public void select(@Nullable Syntax syntax, String name, FieldTest test, BitSet into) {
    boolean[] whole = new boolean[templates.length + 1];
    @Nullable BitSet[] some = new @Nullable BitSet[templates.length + 1];
    whole[templates.length] = true;
    for (int i = 0; i < templates.length; i++) {
      Template one = templates[i];
      boolean known =
          syntax == null ? one.syntax == ColumnFormat.SYNTAX_METADATA : one.syntax() == syntax;
      int slot = known ? one.slot(name) : -1;
      if (!known) {
        whole[i] = true;
      } else if (slot < 0) {
        whole[i] = test.fitsMissing();
      } else {
        BitSet fitting = new BitSet();
        one.slots[slot].select(test, fitting);
        some[i] = fitting;
      }
    }
    mark(whole, some, into);
  }

  /** Names of fields (of metadata for a null syntax), in no particular order. */
  public List<String> names(@Nullable Syntax syntax) {
    List<String> names = new ArrayList<>();
    for (Template one : templates) {
      if (syntax == null ? one.syntax == ColumnFormat.SYNTAX_METADATA : one.syntax() == syntax) {
        for (String name : one.names) {
          if (name != null && !names.contains(name)) {
            names.add(name);
          }
        }
      }
    }
    return names;
  }
}
