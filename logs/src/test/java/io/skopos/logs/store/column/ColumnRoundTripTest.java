// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.store.TestLines;
import io.skopos.storage.bytes.ByteWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnRoundTripTest {

  private static final long TIME = 1_700_000_000_123_456_789L;

  static Stream<Path> files() throws IOException {
    Path root = Path.of(System.getProperty("skopos.conformance", "")).resolve("logs");
    List<Path> files = new ArrayList<>();
    for (String directory : List.of("loghub", "loki-drain")) {
      try (Stream<Path> some = Files.list(root.resolve(directory))) {
        some.filter(file -> file.toString().matches(".*(2k\\.log|\\.txt)")).forEach(files::add);
      }
    }
    return files.stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("files")
  @EnabledIfSystemProperty(named = "skopos.conformance", matches = ".+")
  void gives_back_real_lines(Path file) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    for (String line :
        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("\n", -1)) {
      lines.add(line.getBytes(StandardCharsets.ISO_8859_1));
    }
    check(lines, new Random(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40, 300, 3000})
  void gives_back_random_lines(int count) throws IOException {
    Random random = new Random(count);
    for (int round = 0; round < Math.max(2, 200 / count); round++) {
      List<byte[]> lines = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        lines.add(TestLines.random(random).getBytes(StandardCharsets.ISO_8859_1));
      }
      check(lines, random);
    }
  }

  @Test
  void gives_back_hostile_lines() throws IOException {
    List<byte[]> lines = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      lines.add(("{\"key" + i + "\":" + i + "}").getBytes(StandardCharsets.UTF_8));
    }
    check(lines, new Random(1));
    lines.clear();
    for (int i = 0; i < 5000; i++) {
      lines.add(
          ("w" + Integer.toString(i, 2).replace('0', 'x').replace('1', 'y') + " word")
              .getBytes(StandardCharsets.UTF_8));
    }
    check(lines, new Random(2));
    lines.clear();
    lines.add("7 ".repeat(50_000).getBytes(StandardCharsets.UTF_8));
    lines.add("\"a\" ".repeat(50_000).getBytes(StandardCharsets.UTF_8));
    lines.add("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    lines.add("{\"a\":".repeat(50_000).getBytes(StandardCharsets.UTF_8));
    lines.add(("{\"a\":" + "[".repeat(50_000)).getBytes(StandardCharsets.UTF_8));
    lines.add(new byte[100_000]);
    lines.add(new byte[0]);
    check(lines, new Random(3));
  }

  @Test
  void gives_back_a_line_that_takes_many_pages() throws IOException {
    byte[] line = new byte[20 << 20];
    new Random(1).nextBytes(line);
    check(List.of(line, new byte[] {1, 2}, line), new Random(1));
  }

  private static void check(List<byte[]> lines, Random random) throws IOException {
    long[] times = new long[lines.size()];
    for (int i = 0; i < times.length; i++) {
      times[i] = TIME + i * 1_000_000_007L;
    }
    BlocksInMemory block = new BlocksInMemory(lines, times);
    Column column = block.open();
    ByteWriter out = new ByteWriter(16);
    for (int i = 0; i < lines.size(); i++) {
      out.clear();
      column.append(i, i, out);
      if (!java.util.Arrays.equals(out.toByteArray(), lines.get(i))) {
        assertThat(new String(out.toByteArray(), StandardCharsets.ISO_8859_1))
            .isEqualTo(new String(lines.get(i), StandardCharsets.ISO_8859_1));
      }
      assertThat(column.length(i, i, out)).isEqualTo(lines.get(i).length);
    }
    for (int i = 0; i < 20; i++) {
      finds(lines, column, random);
    }
  }

  /** Runs of letters and digits cut out of a line are found in every line that has them. */
  private static void finds(List<byte[]> lines, Column column, Random random) {
    byte[] line = lines.get(random.nextInt(lines.size()));
    int from = 0;
    int to = 0;
    for (int attempt = 0; attempt < 20 && from == to && line.length > 0; attempt++) {
      from = random.nextInt(line.length);
      to = from;
      int most = 1 + random.nextInt(40);
      while (to < line.length && to - from < most && Needle.isRunByte(line[to])) {
        to++;
      }
    }
    if (from == to) {
      return;
    }
    Needle needle = new Needle(java.util.Arrays.copyOfRange(line, from, to));
    BitSet found = new BitSet();
    column.find(needle, found);
    for (int i = 0; i < lines.size(); i++) {
      byte[] one = lines.get(i);
      if (needle.isIn(one, 0, one.length)) {
        assertThat(found.get(i)).isTrue();
      }
    }
    assertThat(found.length()).isLessThanOrEqualTo(lines.size());
  }
}
