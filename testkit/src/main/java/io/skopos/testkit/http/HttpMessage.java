// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request or an answer as it came: its first line, its headers' lines, its body (chunks put
 * together).
 */
public record HttpMessage(String firstLine, List<String> headers, byte[] body) {

  /** The request's method. */
  public String method() {
    return firstLine.substring(0, firstLine.indexOf(' '));
  }

  /** The request's path and query. */
  public String target() {
    return firstLine.substring(firstLine.indexOf(' ') + 1, firstLine.lastIndexOf(' '));
  }

  /** The answer's status. */
  public int status() {
    return Integer.parseInt(firstLine.split(" ")[1]);
  }

  /** A header's value, empty when it is not there. */
  public String header(String name) {
    for (String line : headers) {
      if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }

  /** Null at the end of the connection. */
  static @Nullable HttpMessage read(InputStream in, @Nullable HttpMessage request)
      throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    List<String> headers = new ArrayList<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      headers.add(line);
    }
    HttpMessage head = new HttpMessage(first, headers, new byte[0]);
    return new HttpMessage(first, headers, head.readBody(in, request));
  }

  /** As bytes; the body's length is written anew. */
  byte[] head(int length) {
    StringBuilder text = new StringBuilder(firstLine).append("\r\n");
    for (String line : headers) {
      String name = line.substring(0, line.indexOf(':'));
      if (!name.equalsIgnoreCase("Transfer-Encoding") && !name.equalsIgnoreCase("Content-Length")) {
        text.append(line).append("\r\n");
      }
    }
    text.append("Content-Length: ").append(length).append("\r\n\r\n");
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The length to tell: that of an answer to HEAD is not its body's. */
  int toldLength() {
    String told = header("Content-Length");
    return body.length == 0 && !told.isEmpty() ? Integer.parseInt(told) : body.length;
  }

  private byte[] readBody(InputStream in, @Nullable HttpMessage request) throws IOException {
    if (request != null
        && (request.method().equals("HEAD") || status() == 204 || status() == 304)) {
      return new byte[0];
    }
    if (header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
      return chunks(in);
    }
    String length = header("Content-Length");
    if (length.isEmpty()) {
      return new byte[0];
    }
    int expected = Integer.parseInt(length);
    byte[] bytes = in.readNBytes(expected);
    if (bytes.length < expected) {
      throw new EOFException("a body ended early");
    }
    return bytes;
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      if (size == null) {
        throw new EOFException("chunks ended early");
      }
      int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
      all.write(in.readNBytes(length));
      line(in);
      if (length == 0) {
        return all.toByteArray();
      }
    }
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); ; c = in.read()) {
      if (c < 0) {
        return line.isEmpty() ? null : line.toString();
      }
      if (c == '\n') {
        return line.toString();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
  }
}
