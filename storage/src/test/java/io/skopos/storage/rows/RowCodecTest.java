// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.PageRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is encoded comes back; what is damaged is refused and nothing worse. */
class RowCodecTest {

  private static final int SEEDS = 400;

  @Test
  void blocksComeBackToTheLastBit() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      RowBlock block = RandomBlocks.block(random, random.nextInt(seed % 20 == 0 ? 3000 : 40));
      byte[] bytes = encode(block);
      RowBlock decoded = BlockCodec.decode(bytes, bytes.length);
      assertThat(RandomBlocks.text(decoded))
          .as("seed %d", seed)
          .isEqualTo(RandomBlocks.text(block));
      assertThat(encode(decoded)).as("seed %d", seed).isEqualTo(bytes);
    }
  }

  @Test
  void integersOfEveryWidthComeBack() {
    for (int width = 0; width < 64; width++) {
      long greatest = width == 0 ? 0 : -1L >>> 64 - width;
      for (long base : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE - greatest, 12345}) {
        for (long[] values :
            List.of(
                new long[] {base, base + greatest, base + greatest / 2},
                new long[] {base + greatest, base, base},
                new long[] {base})) {
          ByteWriter out = new ByteWriter(1);
          ColumnCodec.integers(values, values.length, out);
          ByteReader in = new ByteReader(out.bytes, 0, out.size);
          assertThat(ColumnCodec.integers(values.length, in))
              .as("width %d above %d", width, base)
              .isEqualTo(values);
          assertThat(in.remaining()).isZero();
        }
      }
    }
  }

  @Test
  void rareAttributesComeBack() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      int rows = 1 + random.nextInt(200);
      RowBlockBuilder builder = new RowBlockBuilder();
      for (int row = 0; row < rows; row++) {
        builder.row(0);
        for (int i = random.nextInt(4); i > 0; i--) {
          if (random.nextInt(10) == 0) {
            builder.text("attribute" + i, "v" + random.nextInt(3));
          }
        }
      }
      RowBlock block = builder.build();
      TreeMap<String, Column.Bytes> attributes = new TreeMap<>();
      block.columns().forEach((name, column) -> attributes.put(name, (Column.Bytes) column));
      ByteWriter out = new ByteWriter(16);
      AttributeTail.encode(attributes, rows, out);
      Map<String, Column> decoded =
          AttributeTail.decode(rows, new ByteReader(out.bytes, 0, out.size));
      assertThat(RandomBlocks.text(new RowBlock(new long[rows], decoded)))
          .as("seed %d", seed)
          .isEqualTo(RandomBlocks.text(block));
    }
  }

  @Test
  void footersComeBack() {
    for (int seed = 0; seed < SEEDS; seed++) {
      RowFooter footer = footer(new Random(seed));
      assertThat(RowFooter.decode(footer.encode())).as("seed %d", seed).isEqualTo(footer);
    }
  }

  @Test
  void damageIsRefusedAndNothingWorse() {
    int refused = 0;
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      RowBlock block = RandomBlocks.block(random, 1 + random.nextInt(60));
      byte[] bytes = encode(block);
      refused += mutate(seed, bytes, damaged -> BlockCodec.decode(damaged, damaged.length));
      refused += mutate(seed, footer(random).encode(), RowFooter::decode);
      SubstringFilter.Builder grams = new SubstringFilter.Builder(SubstringFilter.SHAPE);
      grams.add(bytes, 0, bytes.length);
      ByteWriter filter = new ByteWriter(16);
      grams.build().encode(filter);
      refused +=
          mutate(
              seed,
              filter.toByteArray(),
              damaged ->
                  SubstringFilter.decode(new ByteReader(damaged, 0, damaged.length))
                      .mayContain(new byte[40]));
      TreeMap<String, Column.Bytes> texts = new TreeMap<>();
      block
          .columns()
          .forEach((name, column) -> {
            if (column instanceof Column.Bytes text) {
              texts.put(name, text);
            }
          });
      ByteWriter tail = new ByteWriter(16);
      AttributeTail.encode(texts, block.rows(), tail);
      refused +=
          mutate(
              seed,
              tail.toByteArray(),
              damaged ->
                  AttributeTail.decode(block.rows(), new ByteReader(damaged, 0, damaged.length)));
    }
    assertThat(refused).isGreaterThan(1000);
  }

  /** How many of the mutations were refused; any other failure fails the test. */
  private static int mutate(int seed, byte[] bytes, Consumer<byte[]> decoder) {
    int refused = 0;
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      byte[] damaged = bytes.clone();
      for (int change = random.nextInt(3); change >= 0 && damaged.length > 0; change--) {
        damaged[random.nextInt(damaged.length)] =
            (byte) (random.nextBoolean() ? 0xff : random.nextInt());
      }
      if (random.nextInt(3) == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length + 8));
      }
      try {
        decoder.accept(damaged);
      } catch (DamagedBytes expected) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", mutation " + i, e);
      }
    }
    return refused;
  }

  @Test
  void aFewBytesCannotClaimManyValues() {
    ByteWriter out = new ByteWriter(64);
    out.int8(1);
    out.varint(RowLimits.MAX_ROWS);
    out.int8(0);
    out.zigzag(0);
    out.varint(60_000);
    byte[] claim = Arrays.copyOf(out.toByteArray(), 100_000);
    assertThatThrownBy(() -> BlockCodec.decode(claim, claim.length))
        .isInstanceOf(DamagedBytes.class)
        .hasMessage("1048576 rows of 60001 columns, at most 16777216 values can be");
  }

  @Test
  void aRowTooLargeForAPageIsRefusedBeforeTheLog() {
    RowBlockBuilder builder = new RowBlockBuilder().row(0);
    byte[] half = new byte[RowLimits.MAX_ROW_BYTES / 2];
    builder.bytes("a", half, 0, half.length);
    assertThatThrownBy(() -> builder.bytes("b", half, 0, half.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 8388625 bytes; the limit is 8388608");
    assertThatThrownBy(() -> new RowBlockBuilder().row(0).text("a", "1").text("a", "2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("column a twice in one row");
  }

  private static byte[] encode(RowBlock block) {
    ByteWriter out = new ByteWriter(64);
    BlockCodec.encode(block, out);
    return out.toByteArray();
  }

  private static RowFooter footer(Random random) {
    List<RowFooter.Block> blocks = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      long minTime = random.nextLong() >> 1;
      Map<String, RowFooter.ColumnPages> columns = new TreeMap<>();
      for (int column = random.nextInt(5); column > 0; column--) {
        ColumnType type = ColumnType.values()[random.nextInt(3)];
        boolean bounds = type == ColumnType.INTEGER;
        columns.put(
            "c" + random.nextInt(9),
            new RowFooter.ColumnPages(
                type,
                page(random),
                bounds ? random.nextLong() : 0,
                bounds ? random.nextLong() : 0,
                random.nextBoolean() ? page(random) : null));
      }
      blocks.add(
          new RowFooter.Block(
              1 + random.nextInt(RowLimits.BLOCK_ROWS),
              minTime,
              minTime + random.nextInt(1000),
              page(random),
              columns,
              random.nextBoolean() ? page(random) : null));
    }
    return new RowFooter(blocks);
  }

  private static PageRef page(Random random) {
    return new PageRef(
        random.nextLong() >>> 20, random.nextInt(1 << 20), random.nextInt(PageRef.MAX_LENGTH));
  }
}
