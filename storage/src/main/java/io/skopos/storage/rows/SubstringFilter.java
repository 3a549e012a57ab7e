// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;

/**
 * Says whether some value of a page may contain a given string: never "no" for one that does.
 *
 * <p>A Bloom filter over sampled grams. Of every window of {@link #WINDOW} consecutive grams of
 * {@link #GRAM} bytes, the one with the least hash is kept (winnowing: Schleimer, Wilkerson, Aiken
 * 2003), so a string of at least {@link #SHORTEST} bytes has a whole window, and the gram kept of
 * it is in the filter of every page that contains the string. That holds a fraction of all grams,
 * and, unlike a filter of words, finds parts of words.
 */
final class SubstringFilter {

  static final int GRAM = 6;
  static final int WINDOW = 5;

  /** A shorter needle is never excluded. */
  static final int SHORTEST = GRAM + WINDOW - 1;

  private static final int BITS_PER_GRAM = 8;
  private static final int PROBES = 4;
  private static final int MAX_WORDS = 1 << 20;

  private final long[] words;

  private SubstringFilter(long[] words) {
    this.words = words;
  }

  /** Collects the grams of one page. */
  static final class Builder {

    private final LongOpenHashSet grams = new LongOpenHashSet();

    void add(byte[] data, int from, int to) {
      eachKeptGram(
          data,
          from,
          to,
          hash -> {
            grams.add(hash);
            return true;
          });
    }

    SubstringFilter build() {
      int words = Math.clamp((grams.size() * (long) BITS_PER_GRAM + 63) / 64, 1, MAX_WORDS);
      long[] bits = new long[words];
      grams.forEach(hash -> {
        for (int probe = 0; probe < PROBES; probe++) {
          long bit = bit(hash, probe, words);
          bits[(int) (bit >>> 6)] |= 1L << bit;
        }
      });
      return new SubstringFilter(bits);
    }
  }

  boolean mayContain(byte[] needle) {
    if (needle.length < SHORTEST) {
      return true;
    }
    return eachKeptGram(needle, 0, needle.length, this::contains);
  }

  private boolean contains(long hash) {
    for (int probe = 0; probe < PROBES; probe++) {
      long bit = bit(hash, probe, words.length);
      if ((words[(int) (bit >>> 6)] & 1L << bit) == 0) {
        return false;
      }
    }
    return true;
  }

  void encode(ByteWriter out) {
    out.varint(words.length);
    for (long word : words) {
      out.int64(word);
    }
  }

  static SubstringFilter decode(ByteReader in) {
    int count = in.count(Math.min(MAX_WORDS, in.remaining() / 8), "filter words");
    if (count == 0) {
      throw new DamagedBytes("a filter without words");
    }
    long[] words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = in.int64();
    }
    return new SubstringFilter(words);
  }

  private static long bit(long hash, int probe, int words) {
    long mixed = hash + probe * (hash >>> 32 | 1) * 0x9e3779b97f4a7c15L;
    return Math.unsignedMultiplyHigh(mixed * 0xff51afd7ed558ccdL, (long) words * 64);
  }

  /** Calls {@code visitor} with each kept gram's hash until it says false. */
  private static boolean eachKeptGram(
      byte[] data, int from, int to, java.util.function.LongPredicate visitor) {
    int gramCount = to - from - GRAM + 1;
    if (gramCount < WINDOW) {
      return true;
    }
    long[] window = new long[WINDOW];
    int least = -1;
    for (int i = 0; i < gramCount; i++) {
      window[i % WINDOW] = gramHash(data, from + i);
      if (i < WINDOW - 1) {
        continue;
      }
      // The rightmost of equals, so that a run of them is kept seldom.
      int now = i - WINDOW + 1;
      for (int at = now + 1; at <= i; at++) {
        if (Long.compareUnsigned(window[at % WINDOW], window[now % WINDOW]) <= 0) {
          now = at;
        }
      }
      if (now != least) {
        least = now;
        if (!visitor.test(window[now % WINDOW])) {
          return false;
        }
      }
    }
    return true;
  }

  private static long gramHash(byte[] data, int at) {
    long gram = 0;
    for (int i = 0; i < GRAM; i++) {
      gram = gram << 8 | (data[at + i] & 0xff);
    }
    gram = (gram ^ 0x5bd1e9955bd1e995L) * 0xc4ceb9fe1a85ec53L;
    gram ^= gram >>> 29;
    return gram * 0x94d049bb133111ebL;
  }
}
