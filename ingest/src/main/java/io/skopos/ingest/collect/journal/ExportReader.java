// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.journal;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal's export format: entries of fields, each {@code NAME=value}, or, for values
 * with control characters, the name, a length of eight bytes and the value; an empty line ends an
 * entry. Long values are cut, further fields of a giant entry left out. Used by one thread.
 */
final class ExportReader {

  static final int MAX_VALUE_BYTES = 1 << 20;
  static final int MAX_ENTRY_BYTES = 4 << 20;
  private static final int MAX_NAME_BYTES = 256;

  private final DataInputStream in;
  private byte[] buffer = new byte[1024];
  private int length;

  /**
   * @param in buffered
   */
  ExportReader(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /**
   * The fields of the next entry, of equal names the first; null at the end. An entry that is not
   * whole at the end is left out.
   *
   * @throws IOException when it cannot be read, or is no such format
   */
  @Nullable Map<String, String> next() throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    int bytes = 0;
    while (true) {
      int separator = line();
      if (separator == END) {
        return null;
      }
      if (length == 0) {
        if (fields.isEmpty()) {
          continue;
        }
        return fields;
      }
      String name;
      String value;
      if (separator >= 0) {
        name = text(0, separator);
        value = text(separator + 1, length);
      } else {
        name = text(0, length);
        try {
          value = binary();
        } catch (EOFException e) {
          return null;
        }
      }
      if (name.length() > MAX_NAME_BYTES) {
        throw new IOException("a field's name is longer than " + MAX_NAME_BYTES + " bytes");
      }
      bytes += name.length() + value.length();
      if (bytes <= MAX_ENTRY_BYTES || fields.isEmpty()) {
        fields.putIfAbsent(name, value);
      }
    }
  }

  private static final int END = -2;

  /** Fills the buffer; the place of the first '=', -1 when there is none. */
  private int line() throws IOException {
    length = 0;
    int separator = -1;
    while (true) {
      int b = in.read();
      if (b < 0) {
        return END;
      }
      if (b == '\n') {
        if (buffer.length > 1 << 16 && length < 1 << 12) {
          buffer = Arrays.copyOf(buffer, 1 << 12);
        }
        return separator;
      }
      if (b == '=' && separator < 0) {
        separator = length;
      }
      boolean named = separator >= 0;
      if (!named && length >= MAX_NAME_BYTES) {
        throw new IOException("a field's name is longer than " + MAX_NAME_BYTES + " bytes");
      }
      if (length < MAX_VALUE_BYTES + MAX_NAME_BYTES) {
        if (length == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * length);
        }
        buffer[length++] = (byte) b;
      }
    }
  }

  private String binary() throws IOException {
    long size = Long.reverseBytes(in.readLong());
    if (size < 0) {
      throw new IOException("a field's length is negative");
    }
    int kept = (int) Math.min(size, MAX_VALUE_BYTES);
    byte[] value = in.readNBytes(kept);
    if (value.length < kept) {
      throw new EOFException();
    }
    in.skipNBytes(size - kept);
    int end = in.read();
    if (end < 0) {
      throw new EOFException();
    }
    if (end != '\n') {
      throw new IOException("a binary field does not end where it says");
    }
    return new String(value, StandardCharsets.UTF_8);
  }

  private String text(int from, int to) {
    return new String(buffer, from, to - from, StandardCharsets.UTF_8);
  }
}
