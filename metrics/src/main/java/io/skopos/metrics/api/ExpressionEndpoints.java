// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.language.ast.Expr;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.metrics.language.print.PrettyPrinter;
import io.skopos.metrics.language.print.TreeDescription;
import io.skopos.serving.answer.JsonText;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code format_query} and {@code parse_query}: expressions as text and as trees. */
final class ExpressionEndpoints {

  private final PromqlParser parser;

  ExpressionEndpoints(LanguageConfig language) {
    parser = new PromqlParser(language.parserOptions());
  }

  void register(Routes.Family family) {
    family.getOrPost("/api/v1/format_query", this::format);
    family.getOrPost("/api/v1/parse_query", this::parse);
  }

  private Response format(Request request) {
    String text = PrettyPrinter.print(expression(request));
    return Answer.of(json -> json.string(text));
  }

  private Response parse(Request request) {
    Map<String, @Nullable Object> tree = TreeDescription.of(expression(request));
    return Answer.of(json -> write(json, tree));
  }

  private Expr expression(Request request) {
    try {
      return parser.parse(request.parameters().getOrEmpty("query"));
    } catch (ParseFailed e) {
      throw QueryParameters.invalid("query", String.valueOf(e.getMessage()));
    }
  }

  private static void write(JsonText json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.raw("null");
      case Map<?, ?> map -> {
        json.raw('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.raw(first ? "" : ",").string(String.valueOf(entry.getKey())).raw(':');
          write(json, entry.getValue());
          first = false;
        }
        json.raw('}');
      }
      case List<?> list -> {
        json.raw('[');
        boolean first = true;
        for (Object element : list) {
          json.raw(first ? "" : ",");
          write(json, element);
          first = false;
        }
        json.raw(']');
      }
      case Boolean bool -> json.raw(bool.toString());
      case Number number -> json.raw(number.toString());
      default -> json.string(value.toString());
    }
  }
}
