// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

  private static final Map<String, String> LABELS =
      new TreeMap<>(
          Map.of(
              "a",
              "1",
              "b",
              "Hello World",
              "f",
              "2.5",
              "d",
              "1m30s",
              "s",
              "1.5KiB",
              "e",
              "",
              "j",
              "{\"x\":{\"y\":[1,\"two\",null]},\"n\":2}",
              "epoch",
              "1700000000"));

  private record Data() implements TemplateData {
    @Override
    public @Nullable String get(String name) {
      return LABELS.get(name);
    }

    @Override
    public Map<String, String> all() {
      return LABELS;
    }

    @Override
    public String line() {
      return "the line";
    }

    @Override
    public long timeNs() {
      return 1_700_000_000_123_456_789L;
    }
  }

  private static String run(String template) {
    return Template.parse("line", template).run(new Data()).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{{.a}}-{{.b}}~1-Hello World",
        "{{ .missing }}.~.",
        "x{{- .a -}} y~x1y",
        "{{/* nothing */}}a~a",
        "{{if .e}}yes{{else if .a}}a{{else}}no{{end}}~a",
        "{{with .e}}x{{else}}none{{end}}~none",
        "{{with $x := .a}}{{$x}}{{.}}{{end}}~11",
        "{{range $i, $c := (fromJson .j).x.y}}{{$i}}={{$c}};{{end}}~0=1;1=two;2=<no value>;",
        "{{range (fromJson .j).x.y}}[{{.}}]{{else}}none{{end}}~[1][two][<no value>]",
        "{{range $k, $v := .}}{{if eq $k \"b\"}}{{break}}{{end}}{{$k}}{{$v}} {{end}}~a1 ",
        "{{$n := 0}}{{range $k, $v := .}}{{$n = add $n 1}}{{end}}{{$n}}~8",
        "{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" .a}}~<1>",
        "{{index . \"b\" | lower}}~hello world",
        "{{ __line__ | upper }}~THE LINE",
        "{{ .b | ToUpper | trunc 5 }}~HELLO",
        "{{ trunc -5 .b }}~World",
        "{{ substr 6 11 .b }}~World",
        "{{ .b | replace \"o\" \"0\" }}~Hell0 W0rld",
        "{{ Replace .b \"l\" \"L\" 2 }}~HeLLo World",
        "{{ repeat 3 \"ab\" }}~ababab",
        "{{ .b | trimSuffix \"World\" | trim }}!~Hello!",
        "{{ TrimPrefix .b \"Hello \" }}~World",
        "{{ trimAll \"Hd\" .b }}~ello Worl",
        "{{ contains \"lo W\" .b }}~true",
        "{{ hasPrefix \"Hell\" .b }},{{ hasSuffix \"x\" .b }}~true,false",
        "{{ .b | b64enc }}~SGVsbG8gV29ybGQ=",
        "{{ .b | b64enc | b64dec }}~Hello World",
        "{{ title \"some words\" }}~Some Words",
        "{{ alignLeft 4 .a }}|{{ alignRight 4 .a }}|{{ alignLeft 2 .b }}|{{ alignRight 2 .b }}~1   |   1|He|ld",
        "{{ indent 2 .a }}~  1",
        "{{ urlencode \"a b&c*\" }}~a+b%26c%2A",
        "{{ urldecode \"a+b%26c\" }}~a b&c",
        "{{ regexReplaceAll \"(\\\\w+) (\\\\w+)\" .b \"$2-${1}x\" }}~World-Hellox",
        "{{ regexReplaceAllLiteral \"l+\" .b \"$1\" }}~He$1o Wor$1d",
        "{{ regexReplaceAll \"a*\" \"baac\" \"x\" }}~xbxcx",
        "{{ count \"l\" .b }}~3",
        "{{ add 1 2 .a }} {{ sub 5 .a }} {{ mul 2 3 4 }} {{ div 7 2 }} {{ mod 7 3 }}~4 4 24 3 1",
        "{{ addf 0.1 0.2 }} {{ subf 1 0.9 }} {{ mulf 1.1 1.1 }} {{ divf 1 4 }}~0.3 0.1 1.21 0.25",
        "{{ max 1 5 3 }} {{ min 1 5 3 }} {{ maxf 1.5 2 }} {{ minf 1.5 2 }}~5 1 2 1.5",
        "{{ ceil .f }} {{ floor .f }} {{ round 2.456 2 }} {{ round 2.5 0 }}~3 2 2.46 3",
        "{{ int .f }} {{ int \"12\" }} {{ float64 .f }}~0 12 2.5",
        "{{ .s | bytes }} {{ .d | duration }} {{ duration_seconds .d }}~1536 90 90",
        "{{ .e | default \"none\" }}{{ .a | default \"none\" }}~none1",
        "{{ printf \"%s|%5s|%-5s|%q|%v|%d|%05d|%.2f|%x|%%\" .a .a .a .a .a 42 42 3.14159 255 }}~1|    1|1    |\"1\"|1|42|00042|3.14|ff|%",
        "{{ printf \"%d\" .a }} {{ printf \"%s\" 1 }} {{ printf \"%d\" }}~%!d(string=1) %!s(int=1) %!d(MISSING)",
        "{{ print 1 2 \"a\" 3 }}|{{ println .a }}~1 2a3|1\\n",
        "{{ len .b }} {{ slice .b 6 }} {{ index .b 0 }}~11 World 72",
        "{{ eq .a \"1\" }} {{ eq 1 2 1 }} {{ ne .a .b }} {{ lt 1 2 }} {{ ge 1.5 1.5 }}~true true true true true",
        "{{ and .a .e }}|{{ or .e .a }}|{{ not .e }}~|1|true",
        "{{ html \"<a>\" }} {{ js \"it's\" }}~&lt;a&gt; it\\'s",
        "{{ __timestamp__ | unixEpoch }} {{ __timestamp__ | unixEpochMillis }} {{ unixEpochNanos __timestamp__ }}~1700000000 1700000000123 1700000000123456789",
        "{{ __timestamp__ | date \"2006-01-02T15:04:05.000Z07:00\" }}~2023-11-14T22:13:20.123Z",
        "{{ date \"Mon Jan _2 3:04PM 2006\" __timestamp__ }}~Tue Nov 14 10:13PM 2023",
        "{{ __timestamp__ }}~2023-11-14 22:13:20.123456789 +0000 UTC",
        "{{ (__timestamp__).Year }} {{ __timestamp__.Format \"06\" }}~2023 23",
        "{{ toDate \"2006-01-02\" \"2023-11-14\" | unixEpoch }}~1699920000",
        "{{ toDateInZone \"2006-01-02 15:04\" \"Europe/Berlin\" \"2023-07-01 12:00\" | unixEpoch }}~1688205600",
        "{{ toDate \"2006\" \"x\" | date \"2006-01-02\" }}~0001-01-01",
        "{{ unixToTime .epoch | date \"15:04:05\" }}~22:13:20",
        "{{ $x := \"q\" }}{{ if true }}{{ $x = \"r\" }}{{ end }}{{ $x }}~r",
        "{{ (index (fromJson .j) \"n\") }} {{ (fromJson .j).x }}~2 map[y:[1 two <nil>]]",
        "{{ 'a' }} {{ 0x10 }} {{ 1_000 }} {{ 1e3 }} {{ `raw\\n` }}~97 16 1000 1000 raw\\n",
        "{{ . }}~map[a:1 b:Hello World d:1m30s e: epoch:1700000000 f:2.5 j:{\"x\":{\"y\":[1,\"two\",null]},\"n\":2} s:1.5KiB]",
      })
  void writes(String template, @Nullable String expected) {
    assertThat(run(template)).isEqualTo(expected == null ? "" : expected.replace("|1\\n", "|1\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{{ nosuchfunc }}~template: line:1: function \"nosuchfunc\" not defined",
        "{{~template: line:1: unclosed action",
        "a\\n{{.a~template: line:2: unclosed action",
        "{{if .a}}x~template: line:1: unexpected EOF",
        "{{end}}~template: line:1: unexpected {{end}}",
        "{{$x}}~template: line:1: undefined variable \"$x\"",
        "{{break}}~template: line:1: {{break}} outside {{range}}",
        "{{ \"a }}~template: line:1: unterminated quoted string",
        "{{ .a | 1 }}~template: line:1: non executable command in pipeline stage 2",
      })
  void refusesToParse(String template, String message) {
    assertThatThrownBy(() -> Template.parse("line", template.replace("\\n", "\n")))
        .isInstanceOf(TemplateFailed.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{{ bytes .b }}~template: line:1:3: executing \"line\" at <bytes .b>: error calling bytes: strconv.ParseFloat: parsing \"\": invalid syntax",
        "{{ div 1 0 }}~error calling div: runtime error: integer divide by zero",
        "{{ .a.b }}~can't evaluate field b in type string",
        "{{ lower 1 }}~wrong type for value; expected string; got int",
        "{{ lower }}~wrong number of args for lower: want 1 got 0",
        "{{ range .a }}x{{end}}~range can't iterate over 1",
        "{{ repeat 1000000 .b }}~a text of more than",
        "{{ range 1000000 }}{{end}}~more than 100000 steps",
        "{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}~exceeded maximum template depth",
        "{{$x := .b}}{{range 50}}{{$x = printf \"%s%s\" $x $x}}{{end}}~a text of more than",
        "{{ regexReplaceAll \"(\" .a .b }}~error parsing regexp",
        "{{ eq .a 1 }}~incompatible types for comparison",
        "{{ unixToTime \"12\" }}~unable to parse time '12'",
        "{{ index .b 99 }}~index out of range: 99",
      })
  void stops(String template, String message) {
    assertThatThrownBy(() -> run(template))
        .isInstanceOf(TemplateFailed.class)
        .hasMessageContaining(message);
  }
}
