// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import java.util.Random;
import java.util.TreeMap;

/** Blocks of every shape the codecs tell apart. */
final class RandomBlocks {

  private static final long[] EXTREMES = {
    Long.MIN_VALUE, Long.MAX_VALUE, -1, 0, 1, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1, 1L << 56
  };

  private RandomBlocks() {}

  static RowBlock block(Random random, int rows) {
    RowBlockBuilder builder = new RowBlockBuilder();
    Integers times = new Integers(random);
    int columns = random.nextInt(6);
    Integers[] integers = new Integers[columns];
    int[] share = new int[columns];
    int[] kind = new int[columns];
    for (int column = 0; column < columns; column++) {
      integers[column] = new Integers(random);
      share[column] = random.nextInt(4) * 33 + 1;
      kind[column] = random.nextInt(4);
    }
    for (int row = 0; row < rows; row++) {
      builder.row(times.next());
      for (int column = 0; column < columns; column++) {
        if (random.nextInt(100) < share[column]) {
          String name = "c" + column;
          long value = integers[column].next();
          switch (kind[column]) {
            case 0 -> builder.integer(name, value);
            case 1 -> builder.real(name, Double.longBitsToDouble(value));
            case 2 -> builder.text(name, "é" + Math.floorMod(value, 5));
            default -> builder.text(name, "x".repeat(random.nextInt(9)) + value);
          }
        }
      }
    }
    return builder.build();
  }

  /** Constant, narrow, rising by equal or unequal steps, or anything. */
  private static final class Integers {

    private final Random random;
    private final int kind;
    private long last;

    private Integers(Random random) {
      this.random = random;
      this.kind = random.nextInt(6);
      this.last = random.nextLong() >> random.nextInt(64);
    }

    private long next() {
      last =
          switch (kind) {
            case 0 -> last;
            case 1 -> random.nextInt(100);
            case 2 -> last + 1000;
            case 3 -> last + random.nextInt(50);
            case 4 -> random.nextLong() >> random.nextInt(64);
            default -> EXTREMES[random.nextInt(EXTREMES.length)];
          };
      return last;
    }
  }

  /** Everything a block says, as text. */
  static String text(RowBlock block) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < block.rows(); row++) {
      text.append(text(block, row)).append('\n');
    }
    return text.toString();
  }

  static String text(RowBlock block, int row) {
    TreeMap<String, String> values = new TreeMap<>();
    block
        .columns()
        .forEach((name, column) -> {
          if (column.has(row)) {
            values.put(
                name,
                switch (column) {
                  case Column.Integers integers -> "i" + integers.values()[row];
                  case Column.Floats floats ->
                      "f" + Double.doubleToRawLongBits(floats.values()[row]);
                  case Column.Bytes bytes -> "b" + bytes.text(row);
                });
          }
        });
    return block.time(row) + " " + values;
  }
}
