// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** Hexadecimal digits of one length and case, two in a byte; UUIDs without their dashes. */
final class HexColumn extends Column {

  static final int MOST_DIGITS = 256;
  static final int UPPER = 1;
  static final int UUID = 2;

  /**
   * The value of a digit, with a bit for its case when it is a letter; {@link #NONE} for others.
   */
  static final int[] NIBBLES = new int[256];

  static final int HAS_UPPER = 16;
  static final int HAS_LOWER = 32;
  static final int BOTH = HAS_UPPER | HAS_LOWER;
  static final int NONE = 64;

  static {
    java.util.Arrays.fill(NIBBLES, NONE);
    for (int i = 0; i < 10; i++) {
      NIBBLES['0' + i] = i;
    }
    for (int i = 10; i < 16; i++) {
      NIBBLES['a' + i - 10] = i | HAS_LOWER;
      NIBBLES['A' + i - 10] = i | HAS_UPPER;
    }
  }

  private static final byte[] LOWER_DIGITS =
      "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] UPPER_DIGITS =
      "0123456789ABCDEF".getBytes(StandardCharsets.ISO_8859_1);

  private final int flags;
  private final int width;
  private final Blob blob;

  HexColumn(int count, ByteReader in, PageSource pages) {
    super(count);
    flags = in.uint8();
    width = in.count(MOST_DIGITS / 2, "bytes");
    if (flags > (UPPER | UUID) || width == 0 || ((flags & UUID) != 0 && width != 16)) {
      throw new DamagedBytes("hexadecimal digits, kind " + flags + " of " + width + " bytes");
    }
    blob = Blob.read(in, pages);
    blob.need((long) count * width);
  }

  static boolean isDash(int place) {
    return place == 8 || place == 13 || place == 18 || place == 23;
  }

  @Override
  public void append(int value, int row, ByteWriter out) {
    blob.load();
    byte[] digits = (flags & UPPER) == 0 ? LOWER_DIGITS : UPPER_DIGITS;
    boolean dashes = (flags & UUID) != 0;
    out.ensure(2 * width + 4);
    byte[] into = out.bytes;
    int at = out.size;
    int start = at;
    int from = blob.from + value * width;
    byte[] bytes = blob.bytes;
    for (int i = from; i < from + width; i++) {
      if (dashes && isDash(at - start)) {
        into[at++] = '-';
      }
      into[at++] = digits[bytes[i] >>> 4 & 15];
      into[at++] = digits[bytes[i] & 15];
    }
    out.size = at;
  }

  @Override
  public int length(int value, int row, ByteWriter scratch) {
    return 2 * width + ((flags & UUID) != 0 ? 4 : 0);
  }

  @Override
  public void find(Needle run, BitSet into) {
    if (run.bytes().length > 2 * width) {
      return;
    }
    for (byte one : run.bytes()) {
      boolean digit = one >= '0' && one <= '9';
      boolean letter = (flags & UPPER) == 0 ? one >= 'a' && one <= 'f' : one >= 'A' && one <= 'F';
      if (!digit && !letter) {
        return;
      }
    }
    if ((flags & UUID) != 0 || run.bytes().length < 4) {
      super.find(run, into);
    } else {
      findDigits(run.bytes(), into);
    }
  }

  /**
   * Looks at the stored bytes. In a value the run begins with a byte or in the middle of one: each
   * time some byte of it is known as a whole.
   */
  private void findDigits(byte[] text, BitSet into) {
    blob.load();
    int[] wanted = new int[text.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = NIBBLES[text[i]] & 15;
    }
    byte even = (byte) (wanted[0] << 4 | wanted[1]);
    byte odd = (byte) (wanted[1] << 4 | wanted[2]);
    byte[] bytes = blob.bytes;
    for (int value = 0; value < count; value++) {
      int start = blob.from + value * width;
      for (int at = start; at < start + width; at++) {
        byte one = bytes[at];
        if ((one == even && isAt(wanted, start, 2 * (at - start)))
            || (one == odd && at > start && isAt(wanted, start, 2 * (at - start) - 1))) {
          into.set(value);
          break;
        }
      }
    }
  }

  /** Whether the digits of the value that begins at {@code start} go on so from a place on. */
  private boolean isAt(int[] wanted, int start, int place) {
    if (place + wanted.length > 2 * width) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      int at = place + i;
      int both = blob.bytes[start + at / 2];
      if (((at % 2 == 0 ? both >>> 4 : both) & 15) != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
