// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

import io.skopos.model.Labels;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Series with their chunks as a stream of records: a letter, then what it means. {@code S}: length
 * and canonical labels of a series. {@code C}: encoding, first time, last time, number of samples,
 * length and bytes of a chunk of that series. {@code W}: length and text of a warning. {@code E}:
 * the end, with the number of series; a stream without it was cut off. Numbers are LEB128, times
 * zigzag.
 */
public final class ChunkStream {

  /** Longest label set or warning that is read. */
  private static final int MAX_TEXT = 1 << 20;

  private ChunkStream() {}

  /** Writes a stream. Not thread-safe. */
  public static final class Writer {

    private final OutputStream out;
    private long series;

    public Writer(OutputStream out) {
      this.out = out;
    }

    public void series(Labels labels) throws IOException {
      series++;
      out.write('S');
      bytes(labels.canonicalBytes());
    }

    public void chunk(EncodedChunk chunk) throws IOException {
      out.write('C');
      out.write(chunk.encoding().code());
      number(chunk.minTimeMs() << 1 ^ chunk.minTimeMs() >> 63);
      number(chunk.maxTimeMs() << 1 ^ chunk.maxTimeMs() >> 63);
      number(chunk.samples());
      bytes(chunk.data());
    }

    public void warning(String text) throws IOException {
      out.write('W');
      bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public void end() throws IOException {
      out.write('E');
      number(series);
      out.flush();
    }

    private void bytes(byte[] bytes) throws IOException {
      number(bytes.length);
      out.write(bytes);
    }

    private void number(long value) throws IOException {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }

  /** What comes next in a stream. */
  public sealed interface Item {

    /** The chunks behind it are this series'. */
    record Series(Labels labels) implements Item {}

    /** A chunk of the series before. */
    record Chunk(EncodedChunk chunk) implements Item {}

    /** What the stream lacks. */
    record Warning(String text) implements Item {}
  }

  /** Reads a stream. Not thread-safe. */
  public static final class Reader {

    private final DataInputStream in;
    private long series;

    public Reader(InputStream in) {
      this.in = new DataInputStream(in);
    }

    /** Null at the end; a stream that ends without saying so is an error. */
    public @Nullable Item next() throws IOException {
      int letter = in.read();
      switch (letter) {
        case 'S' -> {
          series++;
          return new Item.Series(Labels.ofCanonicalBytes(bytes(MAX_TEXT)));
        }
        case 'C' -> {
          ChunkEncoding encoding = encoding();
          long minTime = time();
          long maxTime = time();
          int samples = (int) number();
          return new Item.Chunk(
              new EncodedChunk(encoding, minTime, maxTime, samples, bytes(ChunkDecoder.MAX_BYTES)));
        }
        case 'W' -> {
          return new Item.Warning(new String(bytes(MAX_TEXT), StandardCharsets.UTF_8));
        }
        case 'E' -> {
          long said = number();
          if (said != series) {
            throw new IOException("the stream has " + series + " series and says " + said);
          }
          return null;
        }
        case -1 -> throw new EOFException("the stream was cut off after " + series + " series");
        default -> throw new IOException("the stream has a record of the unknown kind " + letter);
      }
    }

    private ChunkEncoding encoding() throws IOException {
      try {
        return ChunkEncoding.ofCode(in.readUnsignedByte());
      } catch (DamagedChunk e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    private byte[] bytes(int limit) throws IOException {
      long length = number();
      if (length < 0 || length > limit) {
        throw new IOException("a record of " + length + " bytes; the limit is " + limit);
      }
      byte[] bytes = new byte[(int) length];
      in.readFully(bytes);
      return bytes;
    }

    private long time() throws IOException {
      long zigzag = number();
      return zigzag >>> 1 ^ -(zigzag & 1);
    }

    private long number() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 70; shift += 7) {
        int next = in.readUnsignedByte();
        value |= (long) (next & 0x7f) << shift;
        if (next < 0x80) {
          return value;
        }
      }
      throw new IOException("a number is longer than 10 bytes");
    }
  }
}
