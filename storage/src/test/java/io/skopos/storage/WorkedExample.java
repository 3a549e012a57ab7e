// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Keeps the example of bytes at the end of a page in docs/formats true. */
public final class WorkedExample {

  private WorkedExample() {}

  public static void check(String page, byte[] actual) throws IOException {
    checkText(page, dump(actual));
  }

  public static void checkText(String page, String actual) throws IOException {
    String text = Files.readString(Path.of("..", "docs", "formats", page));
    String begin = "<!-- example -->\n";
    int from = text.indexOf(begin);
    int to = text.indexOf("<!-- /example -->");
    assertThat(from).as("docs/formats/%s has an example", page).isNotNegative();
    assertThat(text.substring(from + begin.length(), to)).as(page).isEqualTo(indented(actual));
  }

  private static String indented(String text) {
    StringBuilder result = new StringBuilder();
    text.lines().forEach(line -> result.append("    ").append(line).append('\n'));
    return result.toString();
  }

  private static String dump(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    HexFormat hex = HexFormat.ofDelimiter(" ");
    for (int at = 0; at < bytes.length; at += 16) {
      text.append(String.format("%04x  ", at));
      text.append(hex.formatHex(bytes, at, Math.min(bytes.length, at + 16))).append('\n');
    }
    return text.toString();
  }
}
