// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.ingest.collect.stage.RegexMatcher.Result;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found in one pass, or way after way, is what RE2 finds. */
class StageRegexTest {

  private static final List<String> IN_ONE_PASS =
      List.of(
          "^(?P<time>\\S+) (?P<level>\\w+) (?P<text>.*)$",
          "^(?P<ip>[\\w\\.:]+) \\S+ (?P<user>\\S+) \\[(?P<time>[^\\]]+)\\] \"(?P<method>\\w+)"
              + " (?P<path>[^ \"]*)(?: (?P<protocol>[^\"]*))?\" (?P<status>\\d{3}) (?P<size>\\d+|-)",
          "level=(?P<level>\\w+)",
          "(?P<level>INFO|WARN|ERROR)",
          "^\\d{4}-\\d{2}-\\d{2}",
          "^(?:(?P<a>a+)|(?P<b>b*))c?$",
          "\\[(?P<thread>[^\\]]*)\\]",
          "^(?P<first>[^,]*),(?P<rest>.*?)$");

  private static final List<String> BACKTRACKING =
      List.of(
          "^(?P<address>[\\w\\.]+) - (?P<user>[^ ]*) \\[(?P<time>.*)\\] \"(?P<method>[^ ]*)"
              + " (?P<path>[^ ]*) (?P<protocol>[^ ]*)\" (?P<status>[\\d]+) (?P<size>[\\d]+)",
          ".*level=(?P<level>\\w+)",
          ".*(?P<a>a)",
          "^(?P<a>.*) b",
          "(a|ab)(c|bcd)");

  private static final List<String> FOR_RE2 =
      List.of("(?i)error", "\\bword\\b", "\\p{Lu}", "\u4e16", "a**");

  private static final List<String> TEXTS =
      List.of(
          "",
          "2024-05-01T10:00:00Z INFO it began\nthere",
          "10.1.2.3 - bob [01/May/2024:12:34:56 +0000] \"GET /a?b=c HTTP/1.1\" 200 123",
          "::1 - - [x] \"GET \" 404 -",
          "ts=1 level=warn msg=\"level=x\"",
          "an ERROR in [main] of [other]",
          "gr\u00fc\u00dfe level=\u00e4 [\u4e16\u754c] \ud83d\ude00 level=a",
          "a,b,,c",
          "aaac",
          "bbb",
          "levellevel=");

  @Test
  void realExpressionsAreOfThisKind() {
    assertThat(IN_ONE_PASS).allSatisfy(regex -> assertThat(OnePassRegex.of(regex)).isNotNull());
    assertThat(BACKTRACKING)
        .allSatisfy(regex -> {
          assertThat(OnePassRegex.of(regex)).isNull();
          assertThat(BacktrackingRegex.of(regex)).isNotNull();
        });
    assertThat(FOR_RE2).allSatisfy(regex -> assertThat(BacktrackingRegex.of(regex)).isNull());
    IN_ONE_PASS.forEach(regex -> TEXTS.forEach(text -> compare(regex, text)));
    BACKTRACKING.forEach(regex -> TEXTS.forEach(text -> compare(regex, text)));
  }

  @Test
  void manyExpressionsFindTheSame() {
    Random random = new Random(7);
    int inOnePass = 0;
    int found = 0;
    for (int i = 0; i < 10_000; i++) {
      String regex = (random.nextInt(3) == 0 ? "^" : "") + expression(random, 3);
      for (int j = 0; j < 4; j++) {
        Result result = compare(regex, text(random));
        inOnePass += result == Result.UNKNOWN ? 0 : 1;
        found += result == Result.FOUND ? 1 : 0;
      }
    }
    assertThat(inOnePass).isGreaterThan(2500);
    assertThat(found).isGreaterThan(1000);
  }

  @Test
  void looksForNoLongerThanTheTextIsLong() {
    OnePassRegex regex = requireNonNull(OnePassRegex.of("a[^b]*b"));
    assertThat(regex.matcher().find("a".repeat(100_000))).isEqualTo(Result.UNKNOWN);
  }

  /** What the quickest engine says; both say what RE2 says. */
  private static Result compare(String expression, String text) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      return Result.UNKNOWN;
    }
    BacktrackingRegex backtracking = BacktrackingRegex.of(expression);
    if (backtracking != null) {
      compare(pattern, backtracking.matcher(), text);
    }
    OnePassRegex onePass = OnePassRegex.of(expression);
    return onePass == null ? Result.UNKNOWN : compare(pattern, onePass.matcher(), text);
  }

  private static Result compare(Pattern pattern, RegexMatcher matcher, String text) {
    matcher.find("something else");
    Result result = matcher.find(text);
    if (result == Result.UNKNOWN) {
      return result;
    }
    Matcher expected = pattern.matcher(text);
    assertThat(result == Result.FOUND).as("'%s' in '%s'", pattern, text).isEqualTo(expected.find());
    if (result == Result.FOUND) {
      for (int group = 0; group <= pattern.groupCount(); group++) {
        assertThat(matcher.group(group))
            .as("group %s of '%s' in '%s'", group, pattern, text)
            .isEqualTo(expected.group(group));
      }
    }
    return result;
  }

  private static String expression(Random random, int depth) {
    StringBuilder text = new StringBuilder();
    int parts = 1 + random.nextInt(4);
    for (int i = 0; i < parts; i++) {
      int kind = random.nextInt(depth == 0 ? 7 : 10);
      String part =
          switch (kind) {
            case 0 -> "a";
            case 1 -> "b";
            case 2 -> " ";
            case 3 -> "[^ ]";
            case 4 -> "\\w";
            case 5 -> "[a-b]";
            case 6 -> ".";
            case 7 -> "(" + expression(random, depth - 1) + ")";
            case 8 -> "(?:" + expression(random, depth - 1) + ")";
            default ->
                "(?:" + expression(random, depth - 1) + "|" + expression(random, depth - 1) + ")";
          };
      String repeat =
          switch (random.nextInt(9)) {
            case 0 -> "*";
            case 1 -> "+";
            case 2 -> "?";
            case 3 -> "*?";
            case 4 -> "{1,2}";
            default -> "";
          };
      text.append(part).append(repeat);
    }
    return text + (random.nextInt(4) == 0 ? "$" : "");
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append("aabb c\n\u00e9\u4e16".charAt(random.nextInt(9)));
    }
    return text.toString();
  }
}
