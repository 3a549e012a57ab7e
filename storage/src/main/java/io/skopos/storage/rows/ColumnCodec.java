// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One column of a block as bytes: presence, an encoding chosen by what the values are, the values.
 * The layout stands in docs/formats/rows-part.md. Decoding is safe on any bytes.
 */
final class ColumnCodec {

  /** Bits of a packed word never exceed this; wider values are stored whole. */
  private static final int MAX_WIDTH = 56;

  /** Values of a dictionary at most; beyond, it saves little. */
  private static final int MAX_DICTIONARY = 4096;

  private static final int ALL_PRESENT = 0;
  private static final int SOME_PRESENT = 1;

  private static final int CONSTANT = 0;
  private static final int PACKED = 1;
  private static final int DELTAS = 2;
  private static final int WHOLE = 3;
  private static final int DICTIONARY = 4;
  private static final int PLAIN = 5;

  private ColumnCodec() {}

  static void encode(Column column, int rows, ByteWriter out) {
    presence(column.present(), rows, out);
    switch (column) {
      case Column.Integers integers -> integers(integers.values(), rows, out);
      case Column.Floats floats -> floats(floats.values(), rows, out);
      case Column.Bytes text -> bytes(text, rows, out);
    }
  }

  static Column decode(ColumnType type, int rows, ByteReader in) {
    BitSet present = presence(rows, in);
    return switch (type) {
      case INTEGER -> new Column.Integers(integers(rows, in), present);
      case FLOAT -> new Column.Floats(floats(rows, in), present);
      case BYTES -> bytes(rows, present, in);
    };
  }

  private static void presence(@Nullable BitSet present, int rows, ByteWriter out) {
    if (present == null) {
      out.int8(ALL_PRESENT);
      return;
    }
    out.int8(SOME_PRESENT);
    byte[] bits = Arrays.copyOf(present.toByteArray(), (rows + 7) / 8);
    out.put(bits, 0, bits.length);
  }

  private static @Nullable BitSet presence(int rows, ByteReader in) {
    int kind = in.uint8();
    return switch (kind) {
      case ALL_PRESENT -> null;
      case SOME_PRESENT -> {
        BitSet some = BitSet.valueOf(in.copy((rows + 7) / 8));
        if (some.length() > rows) {
          throw new DamagedBytes("row " + (some.length() - 1) + " of " + rows + " is present");
        }
        yield some;
      }
      default -> throw new DamagedBytes("presence of kind " + kind);
    };
  }

  // --- integers: constant, packed above the least, packed deltas, or whole

  static void integers(long[] values, int rows, ByteWriter out) {
    long min = Long.MAX_VALUE;
    long max = Long.MIN_VALUE;
    long maxDelta = Long.MIN_VALUE;
    long minDelta = Long.MAX_VALUE;
    boolean deltaFits = true;
    for (int i = 0; i < rows; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
      if (i > 0) {
        long delta = values[i] - values[i - 1];
        deltaFits &= ((values[i] ^ values[i - 1]) & (values[i] ^ delta)) >= 0;
        minDelta = Math.min(minDelta, delta);
        maxDelta = Math.max(maxDelta, delta);
      }
    }
    if (rows == 0 || min == max) {
      out.int8(CONSTANT);
      out.zigzag(rows == 0 ? 0 : min);
      return;
    }
    int packed = width(min, max);
    int deltas = deltaFits ? width(minDelta, maxDelta) : 64;
    if (deltas < packed && deltas <= MAX_WIDTH) {
      out.int8(DELTAS);
      out.zigzag(values[0]);
      out.zigzag(minDelta);
      out.int8(deltas);
      long[] words = new long[rows - 1];
      for (int i = 1; i < rows; i++) {
        words[i - 1] = values[i] - values[i - 1] - minDelta;
      }
      pack(words, rows - 1, deltas, out);
    } else if (packed <= MAX_WIDTH) {
      out.int8(PACKED);
      out.zigzag(min);
      out.int8(packed);
      long[] words = new long[rows];
      for (int i = 0; i < rows; i++) {
        words[i] = values[i] - min;
      }
      pack(words, rows, packed, out);
    } else {
      out.int8(WHOLE);
      for (int i = 0; i < rows; i++) {
        out.int64(values[i]);
      }
    }
  }

  static long[] integers(int rows, ByteReader in) {
    long[] values = new long[rows];
    int kind = in.uint8();
    switch (kind) {
      case CONSTANT -> Arrays.fill(values, in.zigzag());
      case PACKED -> {
        long min = in.zigzag();
        unpack(values, 0, rows, in.uint8(), in);
        for (int i = 0; i < rows; i++) {
          values[i] += min;
        }
      }
      case DELTAS -> {
        if (rows == 0) {
          throw new DamagedBytes("deltas without rows");
        }
        values[0] = in.zigzag();
        long minDelta = in.zigzag();
        unpack(values, 1, rows - 1, in.uint8(), in);
        for (int i = 1; i < rows; i++) {
          values[i] += values[i - 1] + minDelta;
        }
      }
      case WHOLE -> {
        for (int i = 0; i < rows; i++) {
          values[i] = in.int64();
        }
      }
      default -> throw new DamagedBytes("integers of kind " + kind);
    }
    return values;
  }

  /** Bits of the widest difference; 64 when it does not fit a long. */
  private static int width(long min, long max) {
    long range = max - min;
    return range < 0 ? 64 : 64 - Long.numberOfLeadingZeros(range);
  }

  /** Least significant bit first. */
  private static void pack(long[] words, int count, int width, ByteWriter out) {
    out.ensure((int) (((long) count * width + 7) / 8) + 8);
    long buffer = 0;
    int filled = 0;
    for (int i = 0; i < count; i++) {
      buffer |= words[i] << filled;
      filled += width;
      while (filled >= 8) {
        out.bytes[out.size++] = (byte) buffer;
        buffer >>>= 8;
        filled -= 8;
      }
    }
    if (filled > 0) {
      out.bytes[out.size++] = (byte) buffer;
    }
  }

  private static void unpack(long[] into, int from, int count, int width, ByteReader in) {
    if (width > MAX_WIDTH) {
      throw new DamagedBytes("packed integers of " + width + " bits");
    }
    int length = Math.toIntExact(((long) count * width + 7) / 8);
    int at = in.position();
    in.skip(length);
    byte[] bytes = in.array();
    long mask = (1L << width) - 1;
    long buffer = 0;
    int filled = 0;
    for (int i = 0; i < count; i++) {
      while (filled < width) {
        buffer |= (bytes[at++] & 0xffL) << filled;
        filled += 8;
      }
      into[from + i] = buffer & mask;
      buffer >>>= width;
      filled -= width;
    }
  }

  // --- floats: constant or whole; the page's compression does the rest

  private static void floats(double[] values, int rows, ByteWriter out) {
    boolean constant = true;
    for (int i = 1; i < rows; i++) {
      constant &= Double.doubleToRawLongBits(values[i]) == Double.doubleToRawLongBits(values[0]);
    }
    out.int8(constant ? CONSTANT : WHOLE);
    for (int i = 0; i < (constant ? Math.min(1, rows) : rows); i++) {
      out.int64(Double.doubleToRawLongBits(values[i]));
    }
  }

  private static double[] floats(int rows, ByteReader in) {
    double[] values = new double[rows];
    int kind = in.uint8();
    switch (kind) {
      case CONSTANT -> Arrays.fill(values, rows == 0 ? 0 : Double.longBitsToDouble(in.int64()));
      case WHOLE -> {
        for (int i = 0; i < rows; i++) {
          values[i] = Double.longBitsToDouble(in.int64());
        }
      }
      default -> throw new DamagedBytes("floats of kind " + kind);
    }
    return values;
  }

  // --- bytes: constant, dictionary with packed ids, or lengths and values

  private static void bytes(Column.Bytes column, int rows, ByteWriter out) {
    int[] ids = new int[rows];
    int[] dictionary = dictionary(column, rows, ids);
    if (dictionary.length == 1) {
      out.int8(CONSTANT);
      out.sized(column.data(), column.start(dictionary[0]), column.length(dictionary[0]));
    } else if (dictionary.length > 0) {
      out.int8(DICTIONARY);
      out.varint(dictionary.length);
      for (int row : dictionary) {
        out.sized(column.data(), column.start(row), column.length(row));
      }
      long[] words = new long[rows];
      for (int i = 0; i < rows; i++) {
        words[i] = ids[i];
      }
      integers(words, rows, out);
    } else {
      out.int8(PLAIN);
      long[] lengths = new long[rows];
      for (int i = 0; i < rows; i++) {
        lengths[i] = column.length(i);
      }
      integers(lengths, rows, out);
      out.put(column.data(), 0, rows == 0 ? 0 : column.end(rows - 1));
    }
  }

  /**
   * A row for each distinct value, in order of appearance, and each row's id; empty when there are
   * too many.
   */
  private static int[] dictionary(Column.Bytes column, int rows, int[] ids) {
    int most = Math.min(MAX_DICTIONARY, Math.max(1, rows / 2));
    Map<Slice, Integer> known = new HashMap<>();
    int[] first = new int[16];
    for (int row = 0; row < rows; row++) {
      Slice value = new Slice(column.data(), column.start(row), column.end(row));
      Integer id = known.get(value);
      if (id == null) {
        if (known.size() == most) {
          return new int[0];
        }
        id = known.size();
        known.put(value, id);
        if (id == first.length) {
          first = Arrays.copyOf(first, id * 2);
        }
        first[id] = row;
      }
      ids[row] = id;
    }
    return Arrays.copyOf(first, known.size());
  }

  private static Column bytes(int rows, @Nullable BitSet present, ByteReader in) {
    int[] ends = new int[rows];
    int kind = in.uint8();
    switch (kind) {
      case CONSTANT -> {
        byte[] value = in.sized();
        return repeated(new byte[][] {value}, new long[rows], ends, present);
      }
      case DICTIONARY -> {
        byte[][] dictionary =
            new byte[in.count(Math.min(MAX_DICTIONARY, in.remaining()), "values")][];
        for (int i = 0; i < dictionary.length; i++) {
          dictionary[i] = in.sized();
        }
        return repeated(dictionary, integers(rows, in), ends, present);
      }
      case PLAIN -> {
        long[] lengths = integers(rows, in);
        long end = 0;
        for (int i = 0; i < rows; i++) {
          if (lengths[i] < 0 || lengths[i] > in.remaining()) {
            throw new DamagedBytes("a value of " + lengths[i] + " bytes");
          }
          end += lengths[i];
          if (end > in.remaining()) {
            throw new DamagedBytes("values of more than " + in.remaining() + " bytes");
          }
          ends[i] = (int) end;
        }
        return new Column.Bytes(in.copy((int) end), ends, present);
      }
      default -> throw new DamagedBytes("bytes of kind " + kind);
    }
  }

  /** Writes out dictionary values row by row; bounded, as a damaged dictionary could blow up. */
  private static Column repeated(
      byte[][] dictionary, long[] ids, int[] ends, @Nullable BitSet present) {
    long end = 0;
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= dictionary.length) {
        throw new DamagedBytes("value " + ids[i] + " of a dictionary of " + dictionary.length);
      }
      end += dictionary[(int) ids[i]].length;
      if (end > RowLimits.MAX_BLOCK_BYTES) {
        throw new DamagedBytes("a column of more than " + RowLimits.MAX_BLOCK_BYTES + " bytes");
      }
      ends[i] = (int) end;
    }
    byte[] data = new byte[(int) end];
    for (int i = 0; i < ids.length; i++) {
      byte[] value = dictionary[(int) ids[i]];
      System.arraycopy(value, 0, data, ends[i] - value.length, value.length);
    }
    return new Column.Bytes(data, ends, present);
  }

  /** Bytes of a column as a map's key. */
  private static final class Slice {

    private final byte[] data;
    private final int from;
    private final int to;
    private final int hash;

    private Slice(byte[] data, int from, int to) {
      this.data = data;
      this.from = from;
      this.to = to;
      int h = 1;
      for (int i = from; i < to; i++) {
        h = 31 * h + data[i];
      }
      this.hash = h;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Slice slice
          && Arrays.equals(data, from, to, slice.data, slice.from, slice.to);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
