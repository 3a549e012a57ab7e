// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Labels;
import org.junit.jupiter.api.Test;

class StreamTextTest {

  @Test
  void labelsAreRead() throws Exception {
    assertThat((Object) StreamText.parse("{}")).isEqualTo(Labels.EMPTY);
    assertThat((Object) StreamText.parse(" { a = \"b\" , c='d',e=`f\\n`, } "))
        .isEqualTo(Labels.of("a", "b", "c", "d", "e", "f\\n"));
    assertThat((Object) StreamText.parse("{a=\"\\\"\\\\\\n\\t\\x41\\u00e4\\U0001F600\\101\"}"))
        .isEqualTo(Labels.of("a", "\"\\\n\tA\u00e4\uD83D\uDE00A"));
    assertThat((Object) StreamText.parse("{a=\"\", b=\"x\"}")).isEqualTo(Labels.of("b", "x"));
    assertThat((Object) StreamText.parse("x{b=\"x\"}"))
        .isEqualTo(Labels.of("__name__", "x", "b", "x"));
  }

  @Test
  void everythingElseIsSaidWithItsPlace() {
    refused("", "1:1: parse error: unexpected end of input expected \"{\"");
    refused("{a=\"b\"", "1:7: parse error: unexpected end of input expected \"}\"");
    refused("{a=\"b}", "1:4: parse error: unterminated quoted string");
    refused(
        "{a=b}", "1:4: parse error: unexpected character: 'b' in label matching, expected string");
    refused("{a!=\"b\"}", "1:3: parse error: unexpected character: '!' expected \"=\"");
    refused(
        "{a=\"b\" c=\"d\"}",
        "1:8: parse error: unexpected character: 'c' in label set, expected \",\" or \"}\"");
    refused("{a=\"b\"}}", "1:8: parse error: unexpected character: '}' after the label set");
    refused("{a=\"\\q\"}", "1:6: parse error: unknown escape sequence U+0071");
    refused("{a=\"\\u12\"}", "1:7: parse error: illegal character in escape sequence");
    refused("{a=\"b\",a=\"c\"}", "stream '{a=\"b\",a=\"c\"}' has duplicate label name: 'a'");
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> StreamText.parse(text)).hasMessage(message);
  }
}
