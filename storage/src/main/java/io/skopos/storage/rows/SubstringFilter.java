// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.function.LongPredicate;

/**
 * Says whether some value of a page may contain a given string: never "no" for one that does.
 *
 * <p>A Bloom filter over sampled grams. Of every window of {@link #WINDOW} consecutive grams of
 * {@link #GRAM} bytes, the one with the least hash is kept (winnowing: Schleimer, Wilkerson, Aiken
 * 2003), so a string of at least a window's bytes has a whole window, and the gram kept of it is in
 * the filter of every page that contains the string. That holds a fraction of all grams, and,
 * unlike a filter of words, finds parts of words.
 */
final class SubstringFilter {

  /** Measured on a gigabyte of logs: docs/decisions/rows-part.md. */
  static final Shape SHAPE = new Shape(6, 5, 8);

  private static final int PROBES = 4;
  private static final int MAX_WORDS = 1 << 20;

  private final Shape shape;
  private final long[] words;

  /**
   * How grams are sampled; stored with each filter, so that it may change.
   *
   * @param gram bytes of a gram, 2 to 8
   * @param window grams of which one is kept
   * @param bitsPerGram size of the filter
   */
  record Shape(int gram, int window, int bitsPerGram) {

    /** A shorter needle is never excluded. */
    int shortestNeedle() {
      return gram + window - 1;
    }
  }

  private SubstringFilter(Shape shape, long[] words) {
    this.shape = shape;
    this.words = words;
  }

  /** Collects the grams of one page. */
  static final class Builder {

    private final Shape shape;
    private final LongOpenHashSet grams = new LongOpenHashSet();

    Builder(Shape shape) {
      this.shape = shape;
    }

    void add(byte[] data, int from, int to) {
      eachKeptGram(
          shape,
          data,
          from,
          to,
          hash -> {
            grams.add(hash);
            return true;
          });
    }

    SubstringFilter build() {
      int words = Math.clamp((grams.size() * (long) shape.bitsPerGram() + 63) / 64, 1, MAX_WORDS);
      long[] bits = new long[words];
      grams.forEach(hash -> {
        for (int probe = 0; probe < PROBES; probe++) {
          long bit = bit(hash, probe, words);
          bits[(int) (bit >>> 6)] |= 1L << bit;
        }
      });
      return new SubstringFilter(shape, bits);
    }
  }

  boolean mayContain(byte[] needle) {
    return eachKeptGram(shape, needle, 0, needle.length, this::contains);
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
    out.int8(shape.gram());
    out.int8(shape.window());
    out.int8(shape.bitsPerGram());
    out.varint(words.length);
    for (long word : words) {
      out.int64(word);
    }
  }

  static SubstringFilter decode(ByteReader in) {
    Shape shape = new Shape(in.uint8(), in.uint8(), in.uint8());
    if (shape.gram() < 2 || shape.gram() > 8 || shape.window() < 1) {
      throw new DamagedBytes("a filter of the shape " + shape);
    }
    int count = in.count(Math.min(MAX_WORDS, in.remaining() / 8), "filter words");
    if (count == 0) {
      throw new DamagedBytes("a filter without words");
    }
    long[] words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = in.int64();
    }
    return new SubstringFilter(shape, words);
  }

  private static long bit(long hash, int probe, int words) {
    long mixed = hash + probe * (hash >>> 32 | 1) * 0x9e3779b97f4a7c15L;
    return Math.unsignedMultiplyHigh(mixed * 0xff51afd7ed558ccdL, (long) words * 64);
  }

  /**
   * Calls {@code visitor} with each kept gram's hash until it says false; with none when the bytes
   * are shorter than a window.
   */
  private static boolean eachKeptGram(
      Shape shape, byte[] data, int from, int to, LongPredicate visitor) {
    int size = shape.window();
    int gramCount = to - from - shape.gram() + 1;
    if (gramCount < size) {
      return true;
    }
    long[] window = new long[size];
    int least = -1;
    for (int i = 0; i < gramCount; i++) {
      window[i % size] = gramHash(data, from + i, shape.gram());
      if (i < size - 1) {
        continue;
      }
      int first = i - size + 1;
      if (least < first) {
        // The rightmost of equals, so that a run of them is kept seldom.
        least = first;
        for (int at = first + 1; at <= i; at++) {
          if (Long.compareUnsigned(window[at % size], window[least % size]) <= 0) {
            least = at;
          }
        }
      } else if (Long.compareUnsigned(window[i % size], window[least % size]) <= 0) {
        least = i;
      } else {
        continue;
      }
      if (!visitor.test(window[least % size])) {
        return false;
      }
    }
    return true;
  }

  private static long gramHash(byte[] data, int at, int length) {
    long gram = 0;
    for (int i = 0; i < length; i++) {
      gram = gram << 8 | (data[at + i] & 0xff);
    }
    gram = (gram ^ 0x5bd1e9955bd1e995L) * 0xc4ceb9fe1a85ec53L;
    gram ^= gram >>> 29;
    return gram * 0x94d049bb133111ebL;
  }
}
