// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.answer;

import io.skopos.model.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes JSON as bytes through a small buffer, label sets and points without making strings of
 * them, because an answer may hold millions. It knows no structure: who writes places the brackets
 * and commas. Not thread-safe.
 */
public final class JsonText {

  /** What an answer has beside its data, with room for annotations. */
  public static final int FRAME_BYTES = 4096;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final byte[] buffer = new byte[8192];
  private final NumberBytes numbers = new NumberBytes();
  private int length;

  public JsonText(OutputStream out) {
    this.out = out;
  }

  /** A bound of what a label set takes, unless it is full of control characters. */
  public static long mostBytes(Labels labels) {
    return 3L * labels.canonicalBytes().length + 32;
  }

  /** ASCII, as it is. */
  public JsonText raw(String ascii) throws IOException {
    int size = ascii.length();
    if (buffer.length - length < size) {
      flush();
      if (size > buffer.length) {
        return bytes(ascii);
      }
    }
    for (int i = 0; i < size; i++) {
      buffer[length + i] = (byte) ascii.charAt(i);
    }
    length += size;
    return this;
  }

  private JsonText bytes(String ascii) throws IOException {
    for (int i = 0; i < ascii.length(); i++) {
      put((byte) ascii.charAt(i));
    }
    return this;
  }

  public JsonText raw(char ascii) throws IOException {
    put((byte) ascii);
    return this;
  }

  public JsonText string(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return string(utf8, 0, utf8.length);
  }

  public JsonText strings(List<String> texts) throws IOException {
    put((byte) '[');
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        put((byte) ',');
      }
      string(texts.get(i));
    }
    put((byte) ']');
    return this;
  }

  public JsonText integer(long value) throws IOException {
    return bytes(numbers.bytes(), numbers.writeInteger(value));
  }

  /** A finite number. */
  public JsonText number(double value) throws IOException {
    return bytes(numbers.bytes(), numbers.writeValue(value));
  }

  public JsonText labels(Labels labels) throws IOException {
    byte[] canonical = labels.canonicalBytes();
    put((byte) '{');
    int at = 0;
    while (at < canonical.length) {
      if (at > 0) {
        put((byte) ',');
      }
      at = text(canonical, at);
      put((byte) ':');
      at = text(canonical, at);
    }
    put((byte) '}');
    return this;
  }

  /** Seconds with up to three decimals, then the value as a string. */
  public JsonText point(long timeMs, double value) throws IOException {
    raw('[').seconds(timeMs).raw(',').raw('"');
    return bytes(numbers.bytes(), numbers.writeValue(value)).raw('"').raw(']');
  }

  /** As {@link #point}, with the value never in exponential form. */
  public JsonText scalar(long timeMs, double value) throws IOException {
    raw('[').seconds(timeMs).raw(',').raw('"');
    return bytes(numbers.bytes(), numbers.writePlain(value)).raw('"').raw(']');
  }

  /** A number as a string, as everywhere in Prometheus' answers. */
  public JsonText value(double value) throws IOException {
    return raw('"').bytes(numbers.bytes(), numbers.writeValue(value)).raw('"');
  }

  public JsonText seconds(long timeMs) throws IOException {
    return bytes(numbers.bytes(), numbers.writeSeconds(timeMs));
  }

  public void flush() throws IOException {
    out.write(buffer, 0, length);
    length = 0;
  }

  /** Writes the length-prefixed text at {@code at}; the place behind it. See {@link Labels}. */
  private int text(byte[] canonical, int at) throws IOException {
    int position = at;
    int size = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = canonical[position++];
      size |= (b & 0x7f) << shift;
      if (b >= 0) {
        break;
      }
    }
    string(canonical, position, size);
    return position + size;
  }

  /** Text that is well-formed UTF-8. */
  public JsonText string(byte[] utf8, int from, int size) throws IOException {
    put((byte) '"');
    int plain = plain(utf8, from, size);
    if (plain <= buffer.length - length) {
      System.arraycopy(utf8, from, buffer, length, plain);
      length += plain;
    } else {
      plain = 0;
    }
    for (int i = from + plain; i < from + size; i++) {
      byte b = utf8[i];
      if (b == '"' || b == '\\') {
        put((byte) '\\');
        put(b);
      } else if (b >= 0 && b < ' ') {
        control(b);
      } else {
        put(b);
      }
    }
    put((byte) '"');
    return this;
  }

  /** How many of the bytes, from the first on, stand for themselves. */
  private static int plain(byte[] utf8, int from, int size) {
    for (int i = 0; i < size; i++) {
      byte b = utf8[from + i];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        return i;
      }
    }
    return size;
  }

  private void control(byte b) throws IOException {
    put((byte) '\\');
    switch (b) {
      case '\n' -> put((byte) 'n');
      case '\r' -> put((byte) 'r');
      case '\t' -> put((byte) 't');
      default -> {
        raw("u00");
        put(HEX[b >> 4]);
        put(HEX[b & 15]);
      }
    }
  }

  private JsonText bytes(byte[] bytes, int size) throws IOException {
    if (buffer.length - length < size) {
      flush();
    }
    System.arraycopy(bytes, 0, buffer, length, size);
    length += size;
    return this;
  }

  private void put(byte b) throws IOException {
    if (length == buffer.length) {
      flush();
    }
    buffer[length++] = b;
  }
}
