// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.store.EntryCondition;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.TestLines;
import io.skopos.logs.store.column.FieldTest;
import io.skopos.logs.store.column.Needle;
import io.skopos.logs.store.column.TemplateColumn;
import io.skopos.model.Labels;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.DamagedPart;
import io.skopos.testkit.storage.PartInMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no writer wrote are refused, or read as something else, and nothing worse. */
class DamagedPartTest {

  static PartInMemory part(Random random, int rows) throws IOException {
    PartInMemory memory = new PartInMemory();
    LogPartWriter writer = new LogPartWriter(memory);
    for (int stream = 0; stream < 3; stream++) {
      int ordinal = writer.stream(Labels.of("app", "a" + stream));
      for (int i = 0; i < rows; i++) {
        byte[] line = TestLines.random(random).getBytes(StandardCharsets.ISO_8859_1);
        Labels metadata =
            i % 3 == 0 ? Labels.of("id", Long.toHexString(random.nextLong())) : Labels.EMPTY;
        writer.entry(ordinal, 1_000_000_000L * i, line, 0, line.length, metadata);
      }
    }
    writer.finish(0, 1, 0);
    return memory;
  }

  @Test
  void reads_what_was_written() throws IOException {
    PartInMemory memory = part(new Random(1), 200);
    assertThat(readEverything(memory)).isEqualTo(600);
    assertThat(LogPart.open(memory).pages()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void refuses_damaged_bytes(long seed) throws IOException {
    Random random = new Random(seed);
    PartInMemory whole = part(random, 120);
    for (int i = 0; i < 400; i++) {
      byte[] pages = whole.pages().clone();
      byte[] footer = whole.footer().clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        byte[] into = random.nextInt(6) == 0 ? footer : pages;
        int at = random.nextInt(into.length);
        if (random.nextBoolean()) {
          into[at] ^= (byte) (1 << random.nextInt(8));
        } else {
          into[at] = (byte) random.nextInt(256);
        }
      }
      try {
        readEverything(new PartInMemory(pages, footer));
      } catch (DamagedPart refused) {
        assertThat(refused).hasMessageMatching("(?s).+");
      }
    }
  }

  /** Gives how many rows could be read. */
  static int readEverything(PartInMemory memory) throws IOException {
    LogPart part = LogPart.open(memory);
    int[] rows = new int[1];
    Block block = new Block();
    part.select(java.util.List.of());
    part.forEachBlock((_, entry) -> {
      try {
        part.open(entry, block);
        for (int run = 0; run < entry.runs(); run++) {
          rows[0] += read(block, run);
        }
        search(block);
      } catch (DamagedBytes | UncheckedIOException e) {
        assertThat(block.damaged(e)).isInstanceOf(IOException.class);
      }
      if (entry.filterGroup() >= 0) {
        part.filtered(entry.filterGroup(), new long[] {1L << 40, -5});
      }
    });
    return rows[0];
  }

  private static int read(Block block, int number) {
    LogRun.LineView view = new LogRun.LineView();
    BlockRun run = new BlockRun();
    run.begin(
        block,
        number,
        Labels.EMPTY,
        0,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        HiddenTimes.NONE,
        null,
        false);
    LogRun.FieldColumns fields = run.fields();
    int read = 0;
    run.timesNs();
    for (int i = 0; i < run.size(); i++) {
      run.line(i, view);
      run.metadata(i);
      for (int column = 0; fields != null && column < fields.columns(); column++) {
        if (fields.has(i, column)) {
          fields.text(i, column);
          fields.number(i, column);
          fields.code(i, column);
        }
      }
      read++;
    }
    return read;
  }

  private static void search(Block block) {
    block.lines().find(new Needle(new byte[] {'e', 'r', 'r', 'o', 'r'}), new BitSet());
    block.lines().find(new Needle(new byte[] {'7'}), new BitSet());
    if (block.lines() instanceof TemplateColumn lines) {
      lines.select(
          EntryCondition.Syntax.JSON,
          "status",
          new FieldTest(new EntryCondition.Value.Between(1, 300), true),
          new BitSet());
    }
  }
}
