// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.github.luben.zstd.ZstdInputStream;
import io.skopos.model.config.ByteSize;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/**
 * Undoes {@code Content-Encoding}. Output is bounded before it is allocated: a declared length is
 * checked against the limit and against what the format could possibly yield, an undeclared one
 * grows by doubling up to the limit.
 */
final class Decompression {

  /** A snappy copy of three bytes yields at most 64. */
  private static final int SNAPPY_BEST_RATIO = 22;

  /** RFC 9659: a window of 8 MiB at most, as it is allocated however small the body is. */
  private static final int ZSTD_WINDOW_LOG = 23;

  private static final int START_BYTES = 16 * 1024;

  private final ByteSize limit;
  private final BodyMemory memory;

  Decompression(ByteSize limit, BodyMemory memory) {
    this.limit = limit;
    this.memory = memory;
  }

  /** The decoded body; {@code body} itself when it is not encoded, else {@code body} is closed. */
  Body decode(Body body, String contentEncoding) {
    return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> body;
      case "gzip", "x-gzip" -> stream(body, "gzip", GZIPInputStream::new);
      case "deflate" -> stream(body, "deflate", Decompression::deflate);
      case "zstd" -> stream(body, "zstd", Decompression::zstd);
      case "snappy" -> snappy(body);
      default ->
          throw new HttpError(
                  415,
                  "bad_data",
                  "Content-Encoding '"
                      + contentEncoding
                      + "' is not supported; use gzip, deflate, zstd or snappy, or none")
              .header("Accept-Encoding", "gzip, deflate, zstd, snappy");
    };
  }

  private Body snappy(Body body) {
    try (body) {
      int declared = snappyLength(body);
      byte[] out = memory.take(declared);
      Body result = new Body(out, declared, memory);
      try {
        int length = Snappy.uncompress(body.bytes(), 0, body.length(), out, 0);
        if (length != declared) {
          throw malformed("snappy", "it yields " + length + " bytes and declares " + declared);
        }
        return result;
      } catch (IOException | SnappyError e) {
        result.close();
        throw malformed("snappy", "corrupt input");
      } catch (HttpError e) {
        result.close();
        throw e;
      }
    }
  }

  /** The length at the head of a snappy block: an unsigned varint of at most 32 bits. */
  private int snappyLength(Body body) {
    long declared = 0;
    for (int i = 0; ; i++) {
      if (i == body.length()) {
        throw malformed("snappy", "it ends within the length at its head");
      }
      byte b = body.bytes()[i];
      declared |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        break;
      }
      if (i == 4) {
        throw malformed("snappy", "the length at its head is not a 32-bit varint");
      }
    }
    if (declared > limit.bytes()) {
      throw tooLarge("snappy", declared + " bytes");
    }
    if (declared > (long) body.length() * SNAPPY_BEST_RATIO) {
      throw malformed(
          "snappy", "it declares " + declared + " bytes, more than " + body.length() + " can hold");
    }
    return (int) declared;
  }

  private static InputStream deflate(InputStream in) throws IOException {
    // RFC 9110 means the zlib form; some senders leave its two-byte header out.
    in.mark(2);
    int first = in.read();
    int second = in.read();
    in.reset();
    boolean zlib = (first & 0x0f) == 8 && ((first << 8) + second) % 31 == 0;
    Inflater inflater = new Inflater(!zlib);
    return new InflaterInputStream(in, inflater, 8192) {
      @Override
      public void close() throws IOException {
        inflater.end();
        super.close();
      }
    };
  }

  private static InputStream zstd(InputStream in) throws IOException {
    ZstdInputStream zstd = new ZstdInputStream(in);
    zstd.setLongMax(ZSTD_WINDOW_LOG);
    return zstd;
  }

  private interface Opener {
    InputStream open(InputStream compressed) throws IOException;
  }

  private Body stream(Body body, String encoding, Opener opener) {
    byte[] out = new byte[0];
    int length = 0;
    boolean handedOver = false;
    try (body;
        InputStream in = opener.open(new ByteArrayInputStream(body.bytes(), 0, body.length()))) {
      int capacity = (int) Math.min(limit.bytes(), Math.max(START_BYTES, 4L * body.length()));
      out = memory.take(capacity);
      while (true) {
        int read = in.read(out, length, out.length - length);
        if (read < 0) {
          break;
        }
        length += read;
        if (length == out.length) {
          int next = in.read();
          if (next < 0) {
            break;
          }
          if (length == limit.bytes()) {
            throw tooLarge(encoding, "more");
          }
          int grown = (int) Math.min(limit.bytes(), 2L * out.length);
          byte[] larger = memory.take(grown);
          System.arraycopy(out, 0, larger, 0, length);
          memory.giveBack(out);
          out = larger;
          out[length++] = (byte) next;
        }
      }
      handedOver = true;
      return new Body(out, length, memory);
    } catch (EOFException e) {
      throw malformed(encoding, "it ends early, after " + length + " bytes of content");
    } catch (IOException e) {
      throw malformed(encoding, e.getMessage() + " after " + length + " bytes of content");
    } finally {
      if (!handedOver) {
        memory.giveBack(out);
      }
    }
  }

  private HttpError tooLarge(String encoding, String size) {
    return HttpError.tooLarge(
        "the "
            + encoding
            + " body holds "
            + size
            + ", the limit after decompression is "
            + limit
            + " (web.max_decompressed_size); send smaller pieces");
  }

  private static HttpError malformed(String encoding, String what) {
    return HttpError.badData("the body is not valid " + encoding + ": " + what);
  }
}
