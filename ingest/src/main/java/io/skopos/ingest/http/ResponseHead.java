// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Status line and headers of an HTTP/1.x answer. */
final class ResponseHead {

  /** Bytes of a head; a longer one is refused. */
  private static final int MAX_BYTES = 256 << 10;

  private final int status;
  private final boolean http10;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private ResponseHead(int status, boolean http10) {
    this.status = status;
    this.http10 = http10;
  }

  /** Reads the final head; informational ones before it are passed over. */
  static ResponseHead read(InputStream in) throws IOException {
    while (true) {
      ResponseHead head = readOne(in);
      if (head.status / 100 != 1 || head.status == 101) {
        return head;
      }
    }
  }

  private static ResponseHead readOne(InputStream in) throws IOException {
    int[] left = {MAX_BYTES};
    String line = line(in, left);
    String[] parts = line.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("\\d{3}")) {
      throw new IOException("the answer is not HTTP/1.1");
    }
    ResponseHead head = new ResponseHead(Integer.parseInt(parts[1]), parts[0].equals("HTTP/1.0"));
    while (true) {
      line = line(in, left);
      if (line.isEmpty()) {
        return head;
      }
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("the answer has a header without a name");
      }
      head.headers
          .computeIfAbsent(line.substring(0, colon).strip(), _ -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
  }

  /** A line without its end, which is CR LF or LF. */
  static String line(InputStream in, int[] left) throws IOException {
    byte[] bytes = new byte[128];
    int length = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection was closed before the answer was complete");
      }
      if (--left[0] < 0) {
        throw new IOException("the answer's head is larger than " + MAX_BYTES + " bytes");
      }
      if (next == '\n') {
        int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
      }
      if (length == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, length * 2);
      }
      bytes[length++] = (byte) next;
    }
  }

  int status() {
    return status;
  }

  /** The first value of that name. */
  @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null ? null : values.getFirst();
  }

  boolean chunked() {
    String encoding = header("Transfer-Encoding");
    return encoding != null && encoding.toLowerCase(Locale.ROOT).endsWith("chunked");
  }

  /** The declared length, or -1. */
  long contentLength() throws IOException {
    String length = header("Content-Length");
    if (length == null) {
      return -1;
    }
    try {
      long value = Long.parseLong(length);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IOException("the Content-Length '" + length + "' is not a number", e);
    }
    throw new IOException("the Content-Length " + length + " is negative");
  }

  boolean hasBody() {
    return status != 204 && status != 304 && status / 100 != 1;
  }

  boolean keepsAlive() {
    String connection = header("Connection");
    String lower = connection == null ? "" : connection.toLowerCase(Locale.ROOT);
    return http10 ? lower.contains("keep-alive") : !lower.contains("close");
  }
}
