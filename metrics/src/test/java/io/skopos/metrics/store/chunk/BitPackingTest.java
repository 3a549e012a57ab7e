// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The words of the fast way are those of one great number, of which each value has its bits. */
class BitPackingTest {

  @Test
  void packsAndUnpacksAsOneNumberWould() {
    SplittableRandom random = new SplittableRandom(1);
    for (int width = 0; width <= 64; width++) {
      for (int round = 0; round < 8; round++) {
        int count = random.nextInt(1, 140);
        int before = random.nextInt(5);
        long[] values = random.longs(count).toArray();
        ByteWriter out = new ByteWriter(16);
        out.put(new byte[before], 0, before);
        BitPacking.pack(values, count, width, out);
        byte[] expected = plain(values, width);
        String where = "width " + width + ", " + count + " values behind " + before + " bytes";
        assertThat(Arrays.copyOfRange(out.bytes, before, out.size)).as(where).isEqualTo(expected);

        // At the very end of the array, and with more behind it.
        int behind = random.nextInt(12);
        byte[] bytes = Arrays.copyOf(Arrays.copyOf(out.bytes, out.size), out.size + behind);
        long[] unpacked = new long[count + 1];
        BitPacking.unpack(
            new ByteReader(bytes, before, before + expected.length), count, width, unpacked, 1);
        long mask = width == 64 ? -1 : (1L << width) - 1;
        for (int i = 0; i < count; i++) {
          assertThat(unpacked[i + 1]).as(where).isEqualTo(values[i] & mask);
          assertThat(BitPacking.get(bytes, before, i, width)).as(where).isEqualTo(values[i] & mask);
        }
      }
    }
  }

  private static byte[] plain(long[] values, int width) {
    BigInteger number = BigInteger.ZERO;
    BigInteger mask = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    for (int i = 0; i < values.length; i++) {
      BigInteger value = new BigInteger(Long.toUnsignedString(values[i])).and(mask);
      number = number.or(value.shiftLeft(i * width));
    }
    byte[] bytes = new byte[(values.length * width + 7) / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }
}
