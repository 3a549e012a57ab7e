// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A cursor over protobuf's wire format (protobuf.dev/programming-guides/encoding), in place. Public
 * fields and no state but the position, because this is the innermost loop of ingest. Not
 * thread-safe.
 */
public final class ProtobufReader {

  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int LENGTH = 2;
  public static final int FIXED32 = 5;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  public byte[] bytes = new byte[0];
  public int at;
  private final String message;
  private int start;

  /**
   * @param message what errors call the whole, such as "remote write message"
   */
  public ProtobufReader(String message) {
    this.message = message;
  }

  public void reset(byte[] message, int offset) {
    bytes = message;
    at = offset;
    start = offset;
  }

  public static long longAt(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  public static void putLong(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  /** A field number and its wire type, as {@code number << 3 | type}. */
  public int tag(int end, String inside) throws MalformedMessage {
    byte first = at < end ? bytes[at] : -1;
    if (first > 0) {
      at++;
      if (first < 8) {
        throw malformed(inside + " has a field with the number 0");
      }
      return first;
    }
    int from = at;
    long tag = varint(end, inside);
    if (tag >>> 3 == 0 || tag >>> 3 > 536_870_911) {
      at = from;
      throw malformed(inside + " has a field with the number " + (tag >>> 3));
    }
    return (int) tag;
  }

  public long varint(int end, String what) throws MalformedMessage {
    byte[] in = bytes;
    long value = 0;
    int position = at;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw cutOff(what);
      }
      byte b = in[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        at = position;
        return value;
      }
    }
    throw malformed(what + " is a varint of more than 10 bytes");
  }

  public long fixed64(int end, String what) throws MalformedMessage {
    if (end - at < 8) {
      throw cutOff(what);
    }
    long value = longAt(bytes, at);
    at += 8;
    return value;
  }

  /** A number written in zigzag, as {@code sint32} and {@code sint64} are. */
  public long zigzag(int end, String what) throws MalformedMessage {
    long value = varint(end, what);
    return value >>> 1 ^ -(value & 1);
  }

  public double float64(int end, String what) throws MalformedMessage {
    return Double.longBitsToDouble(fixed64(end, what));
  }

  /** The end of the bytes, text or message that begins behind its length. */
  public int enter(int end, String what) throws MalformedMessage {
    int from = at;
    byte first = at < end ? bytes[at] : -1;
    long length;
    if (first >= 0) {
      at++;
      length = first;
    } else {
      length = varint(end, what);
    }
    if (length < 0 || length > end - at) {
      int left = end - at;
      at = from;
      throw malformed(
          what
              + " declares "
              + Long.toUnsignedString(length)
              + " bytes where "
              + left
              + " are left");
    }
    return at + (int) length;
  }

  /** Passes over a field that this version does not know. */
  public void skip(int tag, int end, String inside) throws MalformedMessage {
    switch (tag & 7) {
      case VARINT -> varint(end, inside);
      case FIXED64 -> fixed64(end, inside);
      case LENGTH -> at = enter(end, inside);
      case FIXED32 -> {
        if (end - at < 4) {
          throw cutOff(inside);
        }
        at += 4;
      }
      default ->
          throw malformed(
              "field " + (tag >>> 3) + " of " + inside + " has the wire type " + (tag & 7));
    }
  }

  public MalformedMessage wrongType(int tag, String inside) {
    return malformed(
        "field " + (tag >>> 3) + " of " + inside + " has the wrong wire type " + (tag & 7));
  }

  private MalformedMessage cutOff(String what) {
    return malformed(what + " is cut off");
  }

  public MalformedMessage malformed(String problem) {
    return new MalformedMessage(
        "malformed " + message + " at byte " + (at - start) + ": " + problem);
  }
}
