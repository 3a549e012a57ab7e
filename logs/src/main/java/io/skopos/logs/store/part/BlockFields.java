// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.logs.store.EntryCondition.Syntax;
import io.skopos.logs.store.LogRun.FieldColumns;
import io.skopos.logs.store.column.Column;
import io.skopos.logs.store.column.FieldTest;
import io.skopos.logs.store.column.TemplateColumn;
import io.skopos.storage.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a run's lines, out of the columns of their block. A field's values may lie in
 * several columns, one for each template that has it.
 */
final class BlockFields implements FieldColumns {

  /** Of more fields than this none are given: such lines are better parsed one by one. */
  private static final int MOST = 400;

  private final TemplateColumn lines;
  private final List<String> names = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  /** Per template, per field its slot; -1 for none. */
  private final int[][] slots;

  private final List<Codes> codes = new ArrayList<>();
  private final ByteWriter text = new ByteWriter(64);
  private RowsOfRun rows;

  /** Which row of the block an entry is. */
  @FunctionalInterface
  interface RowsOfRun {
    int row(int entry);
  }

  /** Numbers of a field's texts that are the same for all its columns. */
  private static final class Codes {
    final Map<String, Integer> numbers = new HashMap<>();
    final int[] @Nullable [] byTemplate;

    Codes(int templates) {
      byTemplate = new int[templates] @Nullable [];
    }
  }

  private BlockFields(TemplateColumn lines, RowsOfRun rows) {
    this.lines = lines;
    this.rows = rows;
    slots = new int[lines.templates()][];
    for (int i = 0; i < slots.length; i++) {
      TemplateColumn.Template template = lines.template(i);
      for (int slot = 0; slot < template.slots() && template.syntax() != null; slot++) {
        String name = template.name(slot);
        if (name != null && numbers.putIfAbsent(name, names.size()) == null) {
          names.add(name);
          codes.add(new Codes(slots.length));
        }
      }
    }
    for (int i = 0; i < slots.length; i++) {
      TemplateColumn.Template template = lines.template(i);
      slots[i] = new int[names.size()];
      for (int column = 0; column < names.size(); column++) {
        slots[i][column] = template.syntax() == null ? -1 : template.slot(names.get(column));
      }
    }
  }

  /** Null when no line of the block was taken apart so, or there are too many fields. */
  static @Nullable BlockFields of(Column lines, RowsOfRun rows) {
    if (lines instanceof TemplateColumn templates && !hasMore(templates)) {
      for (int i = 0; i < templates.templates(); i++) {
        if (templates.template(i).syntax() != null) {
          return new BlockFields(templates, rows);
        }
      }
    }
    return null;
  }

  private static boolean hasMore(TemplateColumn lines) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < lines.templates(); i++) {
      TemplateColumn.Template template = lines.template(i);
      for (int slot = 0; slot < template.slots(); slot++) {
        String name = template.name(slot);
        if (name != null && names.add(name) && names.size() > MOST) {
          return true;
        }
      }
    }
    return false;
  }

  /** The same block's for another run. */
  void moveTo(RowsOfRun run) {
    rows = run;
  }

  private int templateOf(int entry) {
    int template = lines.templateOf(rows.row(entry));
    return template == slots.length ? -1 : template;
  }

  private int slot(int template, int column) {
    return template < 0 ? -1 : slots[template][column];
  }

  @Override
  public @Nullable Syntax syntax(int entry) {
    int template = templateOf(entry);
    return template < 0 ? null : lines.template(template).syntax();
  }

  @Override
  public int columns() {
    return names.size();
  }

  @Override
  public String name(int column) {
    return names.get(column);
  }

  @Override
  public int column(String name) {
    return numbers.getOrDefault(name, -1);
  }

  @Override
  public boolean has(int entry, int column) {
    return slot(templateOf(entry), column) >= 0;
  }

  @Override
  public String text(int entry, int column) {
    int template = templateOf(entry);
    int slot = slot(template, column);
    if (slot < 0) {
      return "";
    }
    int row = rows.row(entry);
    text.clear();
    lines.template(template).column(slot).append(lines.rankOf(row), row, text);
    return FieldTest.text(text.bytes, 0, text.size, true);
  }

  @Override
  public double number(int entry, int column) {
    int template = templateOf(entry);
    int slot = slot(template, column);
    if (slot < 0) {
      return Double.NaN;
    }
    int row = rows.row(entry);
    return lines.template(template).column(slot).number(lines.rankOf(row), row);
  }

  @Override
  public int code(int entry, int column) {
    int template = templateOf(entry);
    int slot = slot(template, column);
    if (slot < 0) {
      return -1;
    }
    int rank = lines.rankOf(rows.row(entry));
    Column values = lines.template(template).column(slot);
    int own = values.code(rank);
    if (own < 0) {
      return -1;
    }
    Codes shared = codes.get(column);
    int[] known = shared.byTemplate[template];
    if (known == null) {
      known = new int[values.codes()];
      shared.byTemplate[template] = known;
    }
    if (known[own] == 0) {
      String value = text(entry, column);
      Integer number = shared.numbers.putIfAbsent(value, shared.numbers.size() + 1);
      known[own] = number == null ? shared.numbers.size() : number;
    }
    return known[own] - 1;
  }
}
