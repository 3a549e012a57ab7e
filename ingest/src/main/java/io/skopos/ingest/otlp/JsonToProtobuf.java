// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.skopos.web.wire.MalformedMessage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * OTLP's JSON as the protobuf message it stands for, so that one decoder serves both. 64-bit
 * numbers may be strings or numbers, trace and span ids are hex, other bytes base64, enums numbers;
 * unknown fields are passed over.
 */
final class JsonToProtobuf {

  private static final JsonFactory JSON = new JsonFactory();

  /** Deeper than any request but one made to exhaust the stack. */
  private static final int MAX_DEPTH = 100;

  /** Of a message's length, which is known only when it has been written. */
  private static final int LENGTH_BYTES = 5;

  private static final BigInteger MAX_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final BigInteger MIN_SIGNED = BigInteger.valueOf(Long.MIN_VALUE);

  /** A number with more digits is none that 64 bits hold; reading it would take long. */
  private static final int MAX_DIGITS = 400;

  private final JsonParser in;
  private byte[] out;
  private int length;

  private JsonToProtobuf(JsonParser in, int expected) {
    this.in = in;
    this.out = new byte[Math.max(256, expected)];
  }

  /** A message in the first {@code length} bytes. */
  record Protobuf(byte[] bytes, int length) {}

  static Protobuf convert(byte[] json, int length, JsonSchema schema) throws MalformedMessage {
    try (JsonParser parser = JSON.createParser(json, 0, length)) {
      JsonToProtobuf conversion = new JsonToProtobuf(parser, length / 2);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw conversion.malformed("it is not an object");
      }
      conversion.message(schema, 0);
      if (parser.nextToken() != null) {
        throw conversion.malformed("something follows the object");
      }
      return new Protobuf(conversion.out, conversion.length);
    } catch (JsonEOFException e) {
      throw new MalformedMessage("malformed OTLP JSON: it ends early");
    } catch (IOException e) {
      throw MalformedMessage.ofJson("malformed OTLP JSON", e);
    }
  }

  private void message(JsonSchema schema, int depth) throws IOException, MalformedMessage {
    if (depth > MAX_DEPTH) {
      throw malformed("it is nested more than " + MAX_DEPTH + " deep");
    }
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      JsonSchema.Field field = schema.field(name);
      if (field == null || value == JsonToken.VALUE_NULL) {
        in.skipChildren();
      } else if (value == JsonToken.START_ARRAY) {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          value(field, name, depth);
        }
      } else {
        value(field, name, depth);
      }
    }
  }

  private void value(JsonSchema.Field field, String name, int depth)
      throws IOException, MalformedMessage {
    switch (field.type()) {
      case MESSAGE -> {
        if (in.currentToken() != JsonToken.START_OBJECT || field.message() == null) {
          throw wrong(name, "an object");
        }
        tag(field.number(), 2);
        int at = length;
        room(LENGTH_BYTES);
        length += LENGTH_BYTES;
        message(field.message(), depth + 1);
        patchLength(at);
      }
      case STRING -> {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
          throw wrong(name, "a string");
        }
        bytes(field, in.getText().getBytes(StandardCharsets.UTF_8));
      }
      case BASE64 -> bytes(field, base64(name));
      case HEX -> bytes(field, hex(name));
      case BOOL -> {
        boolean yes = in.currentToken() == JsonToken.VALUE_TRUE;
        if (!yes && in.currentToken() != JsonToken.VALUE_FALSE) {
          throw wrong(name, "true or false");
        }
        tag(field.number(), 0);
        varint(yes ? 1 : 0);
      }
      case VARINT -> {
        long number = whole(name);
        tag(field.number(), 0);
        varint(number);
      }
      case ZIG_ZAG -> {
        long number = whole(name);
        tag(field.number(), 0);
        varint(number << 1 ^ number >> 63);
      }
      case FIXED64 -> {
        long number = whole(name);
        tag(field.number(), 1);
        fixed64(number);
      }
      case FIXED32 -> {
        long number = whole(name);
        tag(field.number(), 5);
        fixed32((int) number);
      }
      case DOUBLE -> {
        double number = real(name);
        tag(field.number(), 1);
        fixed64(Double.doubleToRawLongBits(number));
      }
    }
  }

  private long whole(String name) throws IOException, MalformedMessage {
    JsonToken token = in.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT && in.getTextLength() < 19) {
      return in.getLongValue();
    }
    boolean number =
        token == JsonToken.VALUE_NUMBER_INT
            || token == JsonToken.VALUE_NUMBER_FLOAT
            || token == JsonToken.VALUE_STRING;
    if (!number || in.getTextLength() > MAX_DIGITS) {
      throw wrong(name, "a whole number");
    }
    try {
      BigDecimal decimal = new BigDecimal(in.getText());
      if (Math.abs((long) decimal.scale()) > MAX_DIGITS) {
        throw wrong(name, "a whole number of 64 bits");
      }
      BigInteger value = decimal.toBigIntegerExact();
      if (value.compareTo(MAX_UNSIGNED) <= 0 && value.compareTo(MIN_SIGNED) >= 0) {
        return value.longValue();
      }
      throw wrong(name, "a whole number of 64 bits");
    } catch (ArithmeticException | NumberFormatException e) {
      throw wrong(name, "a whole number");
    }
  }

  private double real(String name) throws IOException, MalformedMessage {
    switch (in.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (in.getTextLength() > MAX_DIGITS) {
          throw wrong(name, "a number");
        }
        return in.getDoubleValue();
      }
      case VALUE_STRING -> {
        switch (in.getText()) {
          case "NaN":
            return Double.NaN;
          case "Infinity":
            return Double.POSITIVE_INFINITY;
          case "-Infinity":
            return Double.NEGATIVE_INFINITY;
          default:
            if (in.getTextLength() > MAX_DIGITS) {
              throw wrong(name, "a number");
            }
            try {
              return new BigDecimal(in.getText()).doubleValue();
            } catch (NumberFormatException e) {
              throw wrong(name, "a number");
            }
        }
      }
      default -> throw wrong(name, "a number");
    }
  }

  private byte[] hex(String name) throws IOException, MalformedMessage {
    try {
      return HexFormat.of().parseHex(in.getText());
    } catch (IllegalArgumentException e) {
      throw wrong(name, "a string of hexadecimal digits");
    }
  }

  private byte[] base64(String name) throws IOException, MalformedMessage {
    try {
      // Both alphabets are allowed by protobuf's mapping to JSON.
      return Base64.getDecoder().decode(in.getText().replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      throw wrong(name, "base64");
    }
  }

  private void bytes(JsonSchema.Field field, byte[] bytes) {
    tag(field.number(), 2);
    varint(bytes.length);
    room(bytes.length);
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
  }

  private void tag(int number, int wireType) {
    varint((long) number << 3 | wireType);
  }

  /** A varint of fixed size, which readers take like the shortest one. */
  private void patchLength(int at) {
    int rest = length - at - LENGTH_BYTES;
    for (int i = 0; i < LENGTH_BYTES - 1; i++) {
      out[at + i] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out[at + LENGTH_BYTES - 1] = (byte) rest;
  }

  private void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out[length++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out[length++] = (byte) rest;
  }

  private void fixed64(long value) {
    room(8);
    for (int i = 0; i < 8; i++) {
      out[length++] = (byte) (value >>> 8 * i);
    }
  }

  private void fixed32(int value) {
    room(4);
    for (int i = 0; i < 4; i++) {
      out[length++] = (byte) (value >>> 8 * i);
    }
  }

  private void room(int more) {
    if (length + more > out.length) {
      out = Arrays.copyOf(out, Math.max(length + more, out.length * 2));
    }
  }

  private MalformedMessage wrong(String name, String expected) {
    return malformed("'" + name + "' must be " + expected);
  }

  private MalformedMessage malformed(String problem) {
    return new MalformedMessage(
        "malformed OTLP JSON at line "
            + in.currentTokenLocation().getLineNr()
            + ", column "
            + in.currentTokenLocation().getColumnNr()
            + ": "
            + problem);
  }
}
