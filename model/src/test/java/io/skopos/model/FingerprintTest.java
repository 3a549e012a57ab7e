// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {

  private final Fingerprint fingerprint = new Fingerprint(1, 2);

  /** Shards of existing data directories depend on these values: they never change. */
  @Test
  void valuesArePartOfTheDataDirectory() {
    assertThat(Long.toHexString(fingerprint.hash64(new byte[0]))).isEqualTo("463f1d00f0dba082");
    byte[] text = "a text that is longer than thirty-two bytes".getBytes(StandardCharsets.UTF_8);
    assertThat(Long.toHexString(fingerprint.hash64(text))).isEqualTo("6fd1baa275a9bc8f");
    long[] both = new long[2];
    fingerprint.hash128(text, 0, text.length, both, 0);
    assertThat(both[0]).isEqualTo(fingerprint.hash64(text));
    assertThat(Long.toHexString(both[1])).isEqualTo("98156b5f1b0d3795");
  }

  @Test
  void dependsOnTheKeyTheLengthAndNotOnThePlace() {
    byte[] zeros = new byte[200];
    Set<Long> seen = new HashSet<>();
    for (int length = 0; length <= 100; length++) {
      seen.add(fingerprint.hash64(zeros, 0, length));
      assertThat(fingerprint.hash64(zeros, 100, length))
          .isEqualTo(fingerprint.hash64(zeros, 0, length));
    }
    assertThat(seen).hasSize(101);
    assertThat(new Fingerprint(1, 3).hash64(zeros)).isNotEqualTo(fingerprint.hash64(zeros));
    assertThat(new Fingerprint(2, 2).hash64(zeros)).isNotEqualTo(fingerprint.hash64(zeros));
  }

  /** Every input bit changes each output bit about half of the time, at every length. */
  @Test
  void everyBitOfTheInputReachesEveryBitOfTheOutput() {
    Random random = new Random(7);
    for (int length : new int[] {3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 48, 64, 100, 280}) {
      int rounds = 0;
      int[] flips = new int[128];
      long[] before = new long[2];
      long[] after = new long[2];
      byte[] bytes = new byte[length];
      while (rounds < 4000) {
        random.nextBytes(bytes);
        fingerprint.hash128(bytes, 0, length, before, 0);
        int bit = random.nextInt(length * 8);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        fingerprint.hash128(bytes, 0, length, after, 0);
        for (int i = 0; i < 128; i++) {
          flips[i] += (int) ((before[i / 64] ^ after[i / 64]) >>> (i % 64) & 1);
        }
        rounds++;
      }
      for (int i = 0; i < 128; i++) {
        assertThat(flips[i]).as("length %d, bit %d", length, i).isBetween(1800, 2200);
      }
    }
  }

  @Test
  void spreadsNumberedLabelsOverShards() {
    int[] shards = new int[16];
    for (int i = 0; i < 16_000; i++) {
      byte[] key = ("node\0host-" + i + ":9100").getBytes(StandardCharsets.UTF_8);
      shards[(int) Math.unsignedMultiplyHigh(fingerprint.hash64(key), 16)]++;
    }
    for (int count : shards) {
      assertThat(count).isBetween(850, 1150);
    }
  }
}
