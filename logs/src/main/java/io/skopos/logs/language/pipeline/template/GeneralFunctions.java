// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import static io.skopos.logs.language.pipeline.template.TemplateFunction.ANY;
import static io.skopos.logs.language.pipeline.template.TemplateFunction.add;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Comparisons, printing, indexing, JSON, and what the template is run with. */
final class GeneralFunctions {

  private static final JsonFactory JSON = new JsonFactory();

  private GeneralFunctions() {}

  static void addTo(Map<String, TemplateFunction> to) {
    add(to, "__line__", 0, a -> a.run().data().line());
    add(to, "__timestamp__", 0, a -> GoTime.ofNanos(a.run().data().timeNs()));
    add(to, "not", 1, a -> !GoValues.isTrue(a.get(0)));
    add(to, "len", 1, a -> (long) GoValues.length(a.get(0)));
    add(to, "index", 1, ANY, GeneralFunctions::index);
    add(to, "slice", 1, 4, GeneralFunctions::slice);
    add(to, "print", 0, ANY, TextFunctions::joined);
    add(to, "println", 0, ANY, GeneralFunctions::printLine);
    add(to, "printf", 1, ANY, a -> GoFormat.format(a.text(0), a.all().subList(1, a.size())));
    add(to, "eq", 1, ANY, GeneralFunctions::equal);
    add(to, "ne", 2, a -> !same(a.get(0), a.get(1)));
    add(to, "lt", 2, a -> order(a.get(0), a.get(1)) < 0);
    add(to, "le", 2, a -> order(a.get(0), a.get(1)) <= 0);
    add(to, "gt", 2, a -> order(a.get(0), a.get(1)) > 0);
    add(to, "ge", 2, a -> order(a.get(0), a.get(1)) >= 0);
    add(
        to,
        "default",
        1,
        ANY,
        a -> a.size() > 1 && GoValues.isTrue(a.get(1)) ? a.get(1) : a.get(0));
    add(to, "fromJson", 1, a -> json(a.text(0)));
  }

  private static String printLine(TemplateFunction.Arguments arguments) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < arguments.size(); i++) {
      out.append(i > 0 ? " " : "").append(GoValues.text(arguments.get(i)));
    }
    return out.append('\n').toString();
  }

  private static boolean equal(TemplateFunction.Arguments arguments) {
    if (arguments.size() < 2) {
      throw new TemplateFailed("missing argument for comparison");
    }
    for (int i = 1; i < arguments.size(); i++) {
      if (same(arguments.get(0), arguments.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(@Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return left == null && right == null;
    }
    if (left.getClass() != right.getClass()) {
      throw new TemplateFailed("incompatible types for comparison");
    }
    if (left instanceof Map || left instanceof List) {
      throw new TemplateFailed("non-comparable type " + GoValues.type(left));
    }
    return left instanceof Double number
        ? number.doubleValue() == ((Double) right).doubleValue()
        : left.equals(right);
  }

  private static int order(@Nullable Object left, @Nullable Object right) {
    if (left instanceof String text && right instanceof String other) {
      return text.compareTo(other);
    }
    if (left instanceof Long number && right instanceof Long other) {
      return number.compareTo(other);
    }
    if (left instanceof Double number && right instanceof Double other) {
      return number.compareTo(other);
    }
    boolean basic = left instanceof String || left instanceof Long || left instanceof Double;
    throw new TemplateFailed(
        basic ? "incompatible types for comparison" : "invalid type for comparison");
  }

  private static @Nullable Object index(TemplateFunction.Arguments arguments) {
    Object value = arguments.get(0);
    for (int i = 1; i < arguments.size(); i++) {
      Object at = arguments.get(i);
      switch (value) {
        case Map<?, ?> map -> {
          if (!(at instanceof String)) {
            throw new TemplateFailed("value has type " + GoValues.type(at) + "; should be string");
          }
          Object found = map.get(at);
          value = found == null && arguments.run().isData(map) ? "" : found;
        }
        case List<?> list -> value = list.get(place(at, list.size()));
        case String text -> {
          byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
          value = (long) (bytes[place(at, bytes.length)] & 0xff);
        }
        case null -> throw new TemplateFailed("index of untyped nil");
        default -> throw new TemplateFailed("can't index item of type " + GoValues.type(value));
      }
    }
    return value;
  }

  private static int place(@Nullable Object at, int size) {
    if (!(at instanceof Long index)) {
      throw new TemplateFailed("cannot index slice/array with type " + GoValues.type(at));
    }
    if (index < 0 || index >= size) {
      throw new TemplateFailed("index out of range: " + index);
    }
    return index.intValue();
  }

  private static Object slice(TemplateFunction.Arguments arguments) {
    Object value = arguments.get(0);
    int size = GoValues.length(value);
    int from = arguments.size() > 1 ? bound(arguments.get(1), size) : 0;
    int to = arguments.size() > 2 ? bound(arguments.get(2), size) : size;
    if (from > to) {
      throw new TemplateFailed("invalid slice index: " + from + " > " + to);
    }
    if (value instanceof String text) {
      byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
    }
    if (value instanceof List<?> list) {
      return new ArrayList<>(list.subList(from, to));
    }
    throw new TemplateFailed("can't slice item of type " + GoValues.type(value));
  }

  private static int bound(@Nullable Object at, int size) {
    return at instanceof Long index && index == size ? size : place(at, size);
  }

  /** Nil when the text is not JSON. */
  private static @Nullable Object json(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken token = parser.nextToken();
      Object value = token == null ? null : json(parser, token);
      return parser.nextToken() == null ? value : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Object json(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          map.put(name, json(parser, parser.nextToken()));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          list.add(json(parser, next));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL, NOT_AVAILABLE, FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT ->
          null;
    };
  }
}
