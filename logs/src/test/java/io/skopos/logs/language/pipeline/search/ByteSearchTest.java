// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ByteSearchTest {

  @Test
  void findsWhatANaiveSearchFinds() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 10_000; round++) {
      String alphabet = round % 2 == 0 ? "ab" : "abcdeABCDE k\u212a\u017f=";
      String text = text(random, alphabet, random.nextInt(120));
      String needle = text(random, alphabet, random.nextInt(9));
      if (!text.isEmpty() && random.nextBoolean()) {
        int from = random.nextInt(text.length());
        needle = text.substring(from, Math.min(text.length(), from + random.nextInt(12)));
      }
      String before = text(random, alphabet, random.nextInt(4));
      String after = text(random, alphabet, random.nextInt(3) * 20);
      byte[] bytes = (before + text + after).getBytes(StandardCharsets.UTF_8);
      int from = before.getBytes(StandardCharsets.UTF_8).length;
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      byte[] wanted = needle.getBytes(StandardCharsets.UTF_8);
      assertThat(new ByteSearch(wanted).find(bytes, from, from + length))
          .as("'%s' in '%s'", needle, text)
          .isEqualTo(naive(bytes, from, from + length, wanted));
      byte[] small = ascii(bytes);
      assertThat(new ByteSearch(wanted, true).find(bytes, from, from + length))
          .as("'%s' in '%s', any case", needle, text)
          .isEqualTo(naive(small, from, from + length, ascii(wanted)));
      assertThat(ByteSearch.hasNonAscii(bytes, from, length))
          .isEqualTo(text.chars().anyMatch(c -> c > 127));
    }
  }

  private static byte[] ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .chars()
        .map(c -> c >= 'A' && c <= 'Z' ? c + 32 : c)
        .collect(StringBuilder::new, (out, c) -> out.append((char) c), StringBuilder::append)
        .toString()
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int naive(byte[] bytes, int from, int end, byte[] wanted) {
    for (int at = from; at + wanted.length <= end; at++) {
      boolean same = true;
      for (int i = 0; i < wanted.length; i++) {
        same &= bytes[at + i] == wanted[i];
      }
      if (same) {
        return at;
      }
    }
    return -1;
  }

  private static String text(SplittableRandom random, String alphabet, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return out.toString();
  }
}
