// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.logs.language.pipeline.text.JsonText;
import io.skopos.model.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonStageTest {

  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> KEYS =
      List.of(
          "a", "b", "level", "9x", "re-try", " sp ", "a_b", "é", "__", "taken", "n.m", "k\\\"q");
  private static final List<String> TEXTS =
      List.of(
          "\"\"",
          "\"plain\"",
          "\"with \\\"quotes\\\"\"",
          "\"tab\\t\\u00e9\\ud83d\\ude00\"",
          "\"é😀 text\"",
          "1",
          "-0.5e3",
          "0",
          "true",
          "false",
          "null",
          "[1,{\"a\":[\"]\"]},\"}\"]",
          "[]",
          "{}");

  private final EntryState state = new EntryState();
  private final JsonStage stage = new JsonStage();

  @Test
  void makesTheLabelsThatJacksonFinds() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 1500; round++) {
      String line = object(random, 0);
      assertThat(labels(line)).as(line).isEqualTo(expected(line));
    }
  }

  @Test
  void treatsDamagedLinesAsTheSlowWayDoes() {
    SplittableRandom random = new SplittableRandom(12);
    for (int round = 0; round < 6_000; round++) {
      byte[] bytes = object(random, 0).getBytes(StandardCharsets.UTF_8);
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) "{}[]\",:\\ 1tn".charAt(random.nextInt(12));
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
      Map<String, String> expected = new TreeMap<>();
      expected.put("taken", "stream");
      String problem = slowly(bytes, 0, length, "", expected);
      if (!problem.isEmpty()) {
        expected.put(EntryState.ERROR, "JSONParserErr");
        expected.put(EntryState.ERROR_DETAILS, problem);
      }
      state.stream(Labels.of("taken", "stream")).reset(0, bytes, 0, length, Labels.EMPTY);
      assertThat(stage.process(state)).isTrue();
      assertThat(state.labels().toMap())
          .as(new String(bytes, 0, length, StandardCharsets.UTF_8))
          .isEqualTo(expected);
    }
  }

  private static String slowly(
      byte[] bytes, int from, int length, String prefix, Map<String, String> into) {
    return JsonText.fields(
        bytes,
        from,
        length,
        (key, keyFrom, keyLength, kind, valueFrom, valueLength) -> {
          String name = name(prefix, new String(key, keyFrom, keyLength, StandardCharsets.UTF_8));
          String text = new String(bytes, valueFrom, valueLength, StandardCharsets.UTF_8);
          return switch (kind) {
            case OBJECT -> slowly(bytes, valueFrom, valueLength, name, into);
            case ARRAY, NULL -> "";
            case NUMBER, BOOLEAN -> put(into, name, text);
            case STRING -> {
              byte[] room = new byte[valueLength];
              int size = JsonText.unescape(bytes, valueFrom, valueLength, room, 0);
              yield put(
                  into,
                  name,
                  size < 0
                      ? ""
                      : new String(room, 0, size, StandardCharsets.UTF_8).replace('\uFFFD', ' '));
            }
          };
        });
  }

  private static String name(String prefix, String key) {
    String sanitized = LabelNames.sanitize(key);
    if (prefix.isEmpty()) {
      return sanitized;
    }
    boolean digit = !key.isBlank() && Character.isDigit(key.strip().charAt(0));
    return prefix + "_" + (digit ? sanitized.substring(1) : sanitized);
  }

  private static String put(Map<String, String> into, String name, String value) {
    if (!name.isEmpty()) {
      into.putIfAbsent(name.equals("taken") ? "taken_extracted" : name, value);
    }
    return "";
  }

  private Map<String, String> labels(String line) {
    byte[] bytes = ("xx" + line + "yy").getBytes(StandardCharsets.UTF_8);
    state.stream(Labels.of("taken", "stream")).reset(0, bytes, 2, bytes.length - 4, Labels.EMPTY);
    assertThat(stage.process(state)).isTrue();
    return state.labels().toMap();
  }

  private static String object(SplittableRandom random, int depth) {
    StringBuilder out = new StringBuilder("{");
    int fields = random.nextInt(6);
    for (int i = 0; i < fields; i++) {
      out.append(i > 0 ? "," : "").append(random.nextInt(6) == 0 ? " " : "");
      out.append('"').append(KEYS.get(random.nextInt(KEYS.size()))).append("\":");
      out.append(random.nextInt(6) == 0 ? " " : "");
      out.append(
          depth < 3 && random.nextInt(4) == 0
              ? object(random, depth + 1)
              : TEXTS.get(random.nextInt(TEXTS.size())));
      out.append(random.nextInt(8) == 0 ? "\t" : "");
    }
    return out.append('}').toString();
  }

  private static Map<String, String> expected(String line) throws IOException {
    Map<String, String> labels = new HashMap<>();
    labels.put("taken", "stream");
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      flatten(parser, "", labels);
    }
    return labels;
  }

  private static void flatten(JsonParser parser, String prefix, Map<String, String> into)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = name(prefix, parser.currentName());
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        flatten(parser, name, into);
      } else if (token == JsonToken.START_ARRAY) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        put(into, name, parser.getText());
      }
    }
  }

  @Test
  void stopsAtWhatIsAskedForAndTellsErrorsBeforeIt() {
    Grouping byLevel = new Grouping(false, List.of("level"));
    EntryState hinted = new EntryState(ParserHints.of(List.of(), byLevel), byLevel);
    hinted.stream(Labels.of("app", "a"));
    assertThat(grouped(hinted, "{\"x\":1,\"level\":\"warn\",\"y\":2}"))
        .isEqualTo("{level=\"warn\"}");
    assertThat(grouped(hinted, "{\"level\":\"warn\",oops")).isEqualTo("{level=\"warn\"}");
    assertThat(grouped(hinted, "{\"x\":1,oops")).contains("JSONParserErr").contains("app=\"a\"");
    assertThat(grouped(hinted, "{\"x\":{\"level\":1}}")).isEqualTo("{}");

    Grouping none = Grouping.ALL;
    EntryState counting = new EntryState(ParserHints.of(List.of(), none), none);
    counting.stream(Labels.of("app", "a"));
    assertThat(grouped(counting, "oops")).isEqualTo("{}");
  }

  @Test
  void readsNestedFieldsThatAreAskedFor() {
    Grouping by = new Grouping(false, List.of("request_path", "request_path_extracted"));
    EntryState hinted = new EntryState(ParserHints.of(List.of(), by), by);
    hinted.stream(Labels.of("request_path", "/s"));
    assertThat(grouped(hinted, "{\"other\":{\"path\":1},\"request\":{\"path\":\"/p\",\"x\":{}}}"))
        .isEqualTo("{request_path=\"/s\", request_path_extracted=\"/p\"}");
  }

  private String grouped(EntryState of, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    of.reset(0, bytes, 0, bytes.length, Labels.EMPTY);
    assertThat(new JsonStage().process(of)).isTrue();
    return of.grouped().toString();
  }

  @Test
  void survivesDeepNesting() {
    String deep = "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000);
    assertThat(labels(deep)).containsEntry("taken", "stream");
    assertThat(labels("{\"a\":".repeat(20_000))).containsEntry("__error__", "JSONParserErr");
  }
}
