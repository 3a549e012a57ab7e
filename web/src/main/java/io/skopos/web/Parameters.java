// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request: those of a POST form first, then those of the query string, so that
 * {@link #get} prefers the form, as Go's {@code FormValue} does.
 */
public final class Parameters {

  private final Map<String, List<String>> values = new LinkedHashMap<>();

  Parameters() {}

  /** The first value, or null. */
  public @Nullable String get(String name) {
    List<String> all = values.get(name);
    return all == null ? null : all.getFirst();
  }

  /** The first value, or the empty string. */
  public String getOrEmpty(String name) {
    String value = get(name);
    return value == null ? "" : value;
  }

  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /**
   * Adds what an {@code application/x-www-form-urlencoded} text holds.
   *
   * @param where for the message: "query string" or "form"
   */
  void addEncoded(String text, String where) {
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        addPair(text, start, end, where);
      }
      start = end + 1;
    }
  }

  private void addPair(String text, int start, int end, String where) {
    int equals = text.indexOf('=', start);
    boolean bare = equals < 0 || equals >= end;
    String name = decode(text, start, bare ? end : equals, where);
    String value = bare ? "" : decode(text, equals + 1, end, where);
    values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
  }

  private static String decode(String text, int start, int end, String where) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(end - start);
    int plain = start;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c != '%' && c != '+') {
        continue;
      }
      bytes.writeBytes(text.substring(plain, i).getBytes(StandardCharsets.UTF_8));
      if (c == '+') {
        bytes.write(' ');
      } else {
        int high = i + 1 < end ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < end ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw HttpError.badData(
              "error parsing form values: invalid URL escape \""
                  + text.substring(i, Math.min(i + 3, end))
                  + "\" in the "
                  + where);
        }
        bytes.write(high << 4 | low);
        i += 2;
      }
      plain = i + 1;
    }
    bytes.writeBytes(text.substring(plain, end).getBytes(StandardCharsets.UTF_8));
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw HttpError.badData(
          "error parsing form values: a parameter of the "
              + where
              + " is not valid UTF-8: \""
              + text.substring(start, Math.min(end, start + 100))
              + "\"");
    }
  }
}
