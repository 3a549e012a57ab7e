// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.LogsConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineLevelTest {

  private final LineLevel levels = new LineLevel(LogsConfig.DEFAULT.levelFields());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "{\"level\":\"warn\",\"msg\":\"info\"} | WARN",
        "{\"a\":{\"severity\" : \"FATAL\"}} | FATAL",
        "{\"a\":{\"b\":{\"level\":\"error\"}}} | UNKNOWN",
        "{\"a\":[{\"level\":\"error\"}]} | UNKNOWN",
        "{\"a\":\"level\",\"b\":\"x\\\"level\\\":\"} | UNKNOWN",
        "{\"level\":30,\"msg\":\"all INFO\"} | INFO",
        "{\"msg\":\"got level\",\"lvl\":\"dbg\"} | DEBUG",
        "level=err msg=\"level=info\" | ERROR",
        "msg=\"level=info said\" Severity=critical | CRITICAL",
        "ts=1 lvl=warn LEVEL=error | ERROR",
        "a=b=c level=error | UNKNOWN",
        "a plain information | INFO",
        "ERR: broken | ERROR",
        "x [error] y | ERROR",
        "error without brackets | UNKNOWN",
        "a WARNING here | WARN",
        "critical: disk | CRITICAL",
        "a DEBUG line | DEBUG",
        "debug then INFO | INFO",
        "'' | UNKNOWN",
        "in | UNKNOWN",
        "f | UNKNOWN",
        ": | UNKNOWN",
        "[err | UNKNOWN",
        "{ | UNKNOWN",
        "{\"level\":\"}  | UNKNOWN",
      })
  void theLevelIsFound(String line, Level expected) {
    byte[] bytes = ("zz" + line + "info").getBytes(StandardCharsets.UTF_8);
    assertThat(levels.of(bytes, 2, bytes.length - 4)).isEqualTo(expected);
  }

  @Test
  void noBytesAreTooMuch() {
    Random random = new Random(1);
    byte[] alphabet = "{}[]\"\\:=levlINFOwarnb ,\n\u00e4".getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 50_000; round++) {
      byte[] line = new byte[random.nextInt(40)];
      for (int i = 0; i < line.length; i++) {
        line[i] = alphabet[random.nextInt(alphabet.length)];
      }
      assertThat(levels.of(line, 0, line.length)).isNotNull();
    }
  }

  @Test
  void aPlainSearchFindsTheSame() {
    Random random = new Random(2);
    String[] pieces = {
      "info",
      "INFO",
      "Info",
      "warning",
      "WARNING",
      "warn:",
      "[warn]",
      "WARN:",
      "err:",
      "[ERR]",
      "[error]",
      "error:",
      "critical:",
      "[CRITICAL]",
      "debug",
      "DEBUG",
      "f",
      "b",
      "w",
      ":",
      "]",
      "[",
      " ",
      "x",
      "\u00e4",
      "}",
      "=",
      "a=1",
      "level=",
      "LeVel=warn",
      "lvl=dbg ",
      "xlevel=err ",
      "\"",
      "severity=\"fatal\"",
      "\u00e4level=trace",
      "msg=\"a b\"",
      "0123456789"
    };
    for (int round = 0; round < 100_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] line = text.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(levels.of(line, 0, line.length))
          .as(text.toString())
          .isEqualTo(plain(text.toString()));
    }
  }

  /** Of a line that is no JSON. */
  private Level plain(String text) {
    String line = text.strip();
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    Level field = levels.ofLogfmt(bytes, 0, bytes.length);
    if (field != null) {
      return field;
    }
    if (line.contains("info") || line.contains("INFO")) {
      return Level.INFO;
    }
    if (hasAny(line, "err:", "ERR:", "[err]", "[ERR]", "[error]", "[ERROR]")) {
      return Level.ERROR;
    }
    if (hasAny(line, "warn:", "WARN:", "[warn]", "[WARN]", "warning", "WARNING")) {
      return Level.WARN;
    }
    if (hasAny(line, "critical:", "CRITICAL:", "[critical]", "[CRITICAL]")) {
      return Level.CRITICAL;
    }
    return hasAny(line, "debug", "DEBUG") ? Level.DEBUG : Level.UNKNOWN;
  }

  private static boolean hasAny(String line, String... words) {
    return Arrays.stream(words).anyMatch(line::contains);
  }
}
