// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubstringFilterTest {

  @Test
  void neverSaysNoToWhatIsThere() {
    for (int seed = 0; seed < 600; seed++) {
      Random random = new Random(seed);
      SubstringFilter.Shape shape =
          new SubstringFilter.Shape(
              2 + random.nextInt(7), 1 + random.nextInt(9), 1 + random.nextInt(10));
      SubstringFilter.Builder builder = new SubstringFilter.Builder(shape);
      // Few letters make many equal grams, the hard case of choosing the least.
      int letters = 1 + random.nextInt(seed % 2 == 0 ? 3 : 256);
      byte[][] values = new byte[1 + random.nextInt(20)][];
      for (int i = 0; i < values.length; i++) {
        values[i] = new byte[random.nextInt(120)];
        for (int at = 0; at < values[i].length; at++) {
          values[i][at] = (byte) random.nextInt(letters);
        }
        builder.add(values[i], 0, values[i].length);
      }
      SubstringFilter filter = stored(builder.build());
      for (byte[] value : values) {
        int from = random.nextInt(value.length + 1);
        int to = from + random.nextInt(value.length - from + 1);
        assertThat(filter.mayContain(Arrays.copyOfRange(value, from, to)))
            .as("seed %d, bytes %d to %d", seed, from, to)
            .isTrue();
        assertThat(filter.mayContain(value)).as("seed %d", seed).isTrue();
      }
    }
  }

  @Test
  void mostlySaysNoToWhatIsNot() {
    Random random = new Random(7);
    SubstringFilter.Builder builder = new SubstringFilter.Builder(SubstringFilter.SHAPE);
    for (int i = 0; i < 2000; i++) {
      byte[] value = id(random);
      builder.add(value, 0, value.length);
    }
    SubstringFilter filter = stored(builder.build());
    int maybe = 0;
    for (int i = 0; i < 1000; i++) {
      maybe += filter.mayContain(id(random)) ? 1 : 0;
    }
    assertThat(maybe).isLessThan(10);
    assertThat(filter.mayContain("short".getBytes(StandardCharsets.UTF_8)))
        .as("shorter than a window")
        .isTrue();
  }

  private static byte[] id(Random random) {
    return (Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static SubstringFilter stored(SubstringFilter filter) {
    ByteWriter out = new ByteWriter(64);
    filter.encode(out);
    return SubstringFilter.decode(new ByteReader(out.bytes, 0, out.size));
  }
}
