// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.select;

import io.skopos.logs.store.EntryCondition;
import io.skopos.logs.store.column.Column;
import io.skopos.logs.store.column.FieldTest;
import io.skopos.logs.store.column.Needle;
import io.skopos.logs.store.column.SearchText;
import io.skopos.logs.store.column.TemplateColumn;
import io.skopos.logs.store.part.Block;
import io.skopos.logs.store.part.BlockEntry;
import io.skopos.logs.store.part.LogPart;
import io.skopos.model.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a selection's conditions say about blocks, by their filters, and about rows, by their
 * columns. Never leaves out what fits; may keep what does not.
 */
final class Conditions {

  /** Lines that contain one of some texts. */
  private record Texts(List<SearchText> anyOf) {}

  /** A field of lines, or metadata for a null syntax. */
  private record Named(
      EntryCondition.@Nullable Syntax syntax,
      String name,
      FieldTest test,
      List<SearchText> anyOf) {}

  private final List<Texts> texts = new ArrayList<>();
  private final List<Named> named = new ArrayList<>();

  Conditions(List<EntryCondition> conditions) {
    for (EntryCondition condition : conditions) {
      switch (condition) {
        case EntryCondition.LineContains contains ->
            texts.add(new Texts(contains.anyOf().stream().map(SearchText::partOf).toList()));
        case EntryCondition.Field field ->
            named.add(
                new Named(
                    field.syntax(), field.name(), new FieldTest(field.value(), true), List.of()));
        case EntryCondition.Metadata metadata ->
            named.add(
                new Named(
                    null,
                    metadata.name(),
                    new FieldTest(metadata.value(), false),
                    wholeTexts(metadata.value())));
      }
    }
  }

  private static List<SearchText> wholeTexts(EntryCondition.Value value) {
    return value instanceof EntryCondition.Value.OneOf oneOf && !oneOf.texts().contains("")
        ? oneOf.texts().stream()
            .map(text -> SearchText.whole(text.getBytes(StandardCharsets.UTF_8)))
            .toList()
        : List.of();
  }

  boolean isEmpty() {
    return texts.isEmpty() && named.isEmpty();
  }

  /** Whether rows of blocks that may fit do fit. */
  boolean areExact() {
    return named.isEmpty()
        && texts.stream().allMatch(one -> one.anyOf.stream().allMatch(SearchText::isExact));
  }

  // ---- blocks

  /** What filters of one part say; asked group by group, each once. */
  final class OfPart {

    private final LogPart part;
    private final Map<Integer, List<@Nullable BitSet>> groups = new HashMap<>();

    OfPart(LogPart part) {
      this.part = part;
    }

    /** Whether the block's lines may contain what they have to. */
    boolean mayFit(BlockEntry block) throws IOException {
      return mayFit(block, 0, texts.size());
    }

    /** Whether the block's rows of a stream may have the metadata they have to. */
    boolean mayFit(BlockEntry block, Labels stream) throws IOException {
      for (int i = 0; i < named.size(); i++) {
        Named one = named.get(i);
        if (one.syntax == null
            && !streamFits(one, stream)
            && !mayFit(block, texts.size() + i, texts.size() + i + 1)) {
          return false;
        }
      }
      return true;
    }

    private boolean mayFit(BlockEntry block, int from, int to) throws IOException {
      if (block.filterGroup() < 0 || from == to) {
        return true;
      }
      List<@Nullable BitSet> bits = groups.get(block.filterGroup());
      if (bits == null) {
        bits = bits(block.filterGroup());
        groups.put(block.filterGroup(), bits);
      }
      for (int i = from; i < to; i++) {
        BitSet fitting = bits.get(i);
        if (fitting != null && !fitting.get(block.filterColumn())) {
          return false;
        }
      }
      return true;
    }

    private List<@Nullable BitSet> bits(int group) throws IOException {
      List<@Nullable BitSet> bits = new ArrayList<>();
      for (Texts one : texts) {
        bits.add(bits(group, one.anyOf));
      }
      for (Named one : named) {
        bits.add(bits(group, one.anyOf));
      }
      return bits;
    }

    /** Null when nothing can be left out. */
    private @Nullable BitSet bits(int group, List<SearchText> anyOf) throws IOException {
      BitSet fitting = new BitSet();
      for (SearchText text : anyOf) {
        long[] grams = text.grams();
        if (grams.length == 0) {
          return null;
        }
        fitting.or(part.filtered(group, grams));
      }
      return anyOf.isEmpty() ? null : fitting;
    }
  }

  private static boolean streamFits(Named one, Labels stream) {
    String value = stream.get(one.name);
    return value != null && one.test.fits(value);
  }

  // ---- rows

  /** The rows of an open block that may fit. */
  final class OfBlock {

    /** Null when all lines fit. */
    private final @Nullable BitSet lines;

    private final List<BitSet> byName = new ArrayList<>();
    private final List<String> metadataNames;

    OfBlock(Block block) {
      lines = lines(block);
      Column column = block.lines();
      Column sets = block.metadata();
      metadataNames = sets instanceof TemplateColumn template ? template.names(null) : List.of();
      boolean none = lines != null && lines.isEmpty();
      for (Named one : named) {
        BitSet fitting = new BitSet();
        if (!none) {
          select(one, one.syntax == null ? sets : column, block.entry().rows(), fitting);
        }
        byName.add(fitting);
      }
    }

    private static void select(Named one, @Nullable Column column, int rows, BitSet fitting) {
      if (column instanceof TemplateColumn templates) {
        templates.select(one.syntax, one.name, one.test, fitting);
      } else if (column != null || one.test.fitsMissing()) {
        fitting.set(0, rows);
      }
    }

    /** The block's rows that may fit when they are of this stream; null when all may. */
    @Nullable BitSet of(Labels stream) {
      BitSet fitting = lines;
      for (int i = 0; i < named.size(); i++) {
        Named one = named.get(i);
        boolean decides =
            one.syntax == null
                ? !one.test.fitsMissing() && !streamFits(one, stream)
                : !stream.has(one.name) && !metadataNames.contains(one.name);
        if (decides) {
          if (fitting == null) {
            fitting = byName.get(i);
          } else {
            fitting = (BitSet) fitting.clone();
            fitting.and(byName.get(i));
          }
        }
      }
      return fitting;
    }
  }

  private @Nullable BitSet lines(Block block) {
    BitSet fitting = null;
    for (Texts one : texts) {
      BitSet some = new BitSet();
      boolean all = false;
      for (SearchText text : one.anyOf) {
        List<Needle> runs = text.runs();
        if (runs == null) {
          all = true;
          break;
        }
        some.or(rows(block, runs));
      }
      if (all) {
        continue;
      }
      if (fitting == null) {
        fitting = some;
      } else {
        fitting.and(some);
      }
      if (fitting.isEmpty()) {
        return fitting;
      }
    }
    return fitting;
  }

  /** Rows that have all these runs. */
  private static BitSet rows(Block block, List<Needle> runs) {
    BitSet fitting = new BitSet();
    block.lines().find(runs.getFirst(), fitting);
    for (int i = 1; i < runs.size() && !fitting.isEmpty(); i++) {
      BitSet more = new BitSet();
      block.lines().find(runs.get(i), more);
      fitting.and(more);
    }
    return fitting;
  }
}
