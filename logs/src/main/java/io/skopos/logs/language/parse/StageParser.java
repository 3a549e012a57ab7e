// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.logs.language.ast.LabelFilter;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.ast.Unwrap;
import io.skopos.logs.language.pipeline.Extraction;
import io.skopos.logs.language.pipeline.InvalidStage;
import io.skopos.logs.language.pipeline.LabelChoice;
import io.skopos.logs.language.pipeline.LabelFormat;
import io.skopos.logs.language.pipeline.LineFilter.Operand;
import io.skopos.logs.language.pipeline.LineFilter.Operator;
import io.skopos.logs.language.pipeline.PatternStage;
import io.skopos.logs.language.pipeline.RegexpStage;
import io.skopos.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stages of pipelines, and the unwrap that may end one. */
final class StageParser {

  private final Tokens tokens;

  StageParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Stages as long as there are any.
   *
   * @param unwraps whether an unwrap may follow: then the pipe before it is taken, and the caller
   *     finds the unwrap as the next token
   */
  List<Stage> parse(boolean unwraps) throws ParseFailed {
    List<Stage> stages = new ArrayList<>();
    while (true) {
      Operator operator = operator();
      if (operator != null) {
        lineFilter(operator, stages);
      } else if (tokens.accept(TokenType.PIPE)) {
        if (unwraps && tokens.at(TokenType.UNWRAP)) {
          return stages;
        }
        stages.add(stage());
      } else {
        return stages;
      }
    }
  }

  private @Nullable Operator operator() {
    return switch (tokens.type()) {
      case PIPE_EXACT -> Operator.CONTAINS;
      case NEQ -> Operator.NOT_CONTAINS;
      case PIPE_MATCH -> Operator.REGEX;
      case NRE -> Operator.NOT_REGEX;
      case PIPE_PATTERN -> Operator.PATTERN;
      case NPA -> Operator.NOT_PATTERN;
      default -> null;
    };
  }

  private void lineFilter(Operator operator, List<Stage> stages) throws ParseFailed {
    tokens.take();
    List<Operand> operands = new ArrayList<>();
    do {
      operands.add(operand());
    } while (tokens.accept(TokenType.OR));
    switch (operator) {
      case CONTAINS, REGEX, PATTERN -> stages.add(new Stage.LineFilter(operator, operands));
      // Neither of them is none of them.
      case NOT_CONTAINS, NOT_REGEX, NOT_PATTERN ->
          operands.forEach(operand -> stages.add(new Stage.LineFilter(operator, List.of(operand))));
    }
  }

  private Operand operand() throws ParseFailed {
    if (tokens.at(TokenType.STRING)) {
      return new Operand(tokens.take().text(), false);
    }
    if (!tokens.accept(TokenType.IP)) {
      throw tokens.unexpected(TokenType.STRING, TokenType.IP);
    }
    tokens.expect(TokenType.OPEN_PARENTHESIS);
    String range = tokens.expect(TokenType.STRING).text();
    tokens.expect(TokenType.CLOSE_PARENTHESIS);
    return new Operand(range, true);
  }

  private Stage stage() throws ParseFailed {
    return switch (tokens.type()) {
      case LOGFMT -> logfmt();
      case JSON -> {
        tokens.take();
        yield new Stage.Json(extractions());
      }
      case REGEXP -> {
        tokens.take();
        yield regexp(tokens.expect(TokenType.STRING).text());
      }
      case PATTERN -> {
        tokens.take();
        yield pattern(tokens.expect(TokenType.STRING).text());
      }
      case UNPACK -> {
        tokens.take();
        yield new Stage.Unpack();
      }
      case LINE_FMT -> {
        tokens.take();
        yield new Stage.LineFormat(tokens.expect(TokenType.STRING).text());
      }
      case LABEL_FMT -> {
        tokens.take();
        yield labelFormat();
      }
      case DECOLORIZE -> {
        tokens.take();
        yield new Stage.Decolorize();
      }
      case DROP -> {
        tokens.take();
        yield new Stage.Drop(choices());
      }
      case KEEP -> {
        tokens.take();
        yield new Stage.Keep(choices());
      }
      case IDENTIFIER, OPEN_PARENTHESIS -> new Stage.Filter(new LabelFilterParser(tokens).parse());
      default -> throw tokens.unexpected();
    };
  }

  private Stage logfmt() throws ParseFailed {
    tokens.take();
    boolean strict = false;
    boolean keepEmpty = false;
    while (tokens.at(TokenType.PARSER_FLAG)) {
      boolean isStrict = tokens.take().text().equals("--strict");
      strict |= isStrict;
      keepEmpty |= !isStrict;
    }
    return new Stage.Logfmt(strict, keepEmpty, extractions());
  }

  private List<Extraction> extractions() throws ParseFailed {
    List<Extraction> extractions = new ArrayList<>();
    if (!tokens.at(TokenType.IDENTIFIER)) {
      return extractions;
    }
    do {
      String label = tokens.expect(TokenType.IDENTIFIER).text();
      String expression =
          tokens.accept(TokenType.EQ) ? tokens.expect(TokenType.STRING).text() : label;
      extractions.add(new Extraction(label, expression));
    } while (tokens.accept(TokenType.COMMA));
    return extractions;
  }

  private static Stage regexp(String expression) throws ParseFailed {
    try {
      new RegexpStage(expression);
    } catch (InvalidStage e) {
      throw new ParseFailed("invalid regexp parser: " + e.getMessage());
    }
    return new Stage.Regexp(expression);
  }

  private static Stage pattern(String expression) throws ParseFailed {
    try {
      new PatternStage(expression);
    } catch (InvalidStage e) {
      throw new ParseFailed("invalid pattern parser: " + e.getMessage());
    }
    return new Stage.Pattern(expression);
  }

  private Stage labelFormat() throws ParseFailed {
    List<LabelFormat> formats = new ArrayList<>();
    do {
      String label = tokens.expect(TokenType.IDENTIFIER).text();
      tokens.expect(TokenType.EQ);
      if (!tokens.at(TokenType.IDENTIFIER) && !tokens.at(TokenType.STRING)) {
        throw tokens.unexpected(TokenType.IDENTIFIER, TokenType.STRING);
      }
      boolean rename = tokens.at(TokenType.IDENTIFIER);
      formats.add(new LabelFormat(label, tokens.take().text(), rename));
    } while (tokens.accept(TokenType.COMMA));
    return new Stage.LabelFormat(formats);
  }

  private List<LabelChoice> choices() throws ParseFailed {
    List<LabelChoice> choices = new ArrayList<>();
    do {
      String name = tokens.expect(TokenType.IDENTIFIER).text();
      Matcher.Type type =
          switch (tokens.type()) {
            case EQ -> Matcher.Type.EQUAL;
            case NEQ -> Matcher.Type.NOT_EQUAL;
            case RE -> Matcher.Type.REGEX;
            case NRE -> Matcher.Type.NOT_REGEX;
            default -> null;
          };
      if (type == null) {
        choices.add(new LabelChoice(name, null));
      } else {
        tokens.take();
        String value = tokens.expect(TokenType.STRING).text();
        choices.add(new LabelChoice(name, SelectorParser.of(type, name, value)));
      }
    } while (tokens.accept(TokenType.COMMA));
    return choices;
  }

  /** After {@code | unwrap}, whose last word is the next token. */
  Unwrap unwrap() throws ParseFailed {
    tokens.expect(TokenType.UNWRAP);
    Unwrap.Conversion conversion =
        switch (tokens.type()) {
          case IDENTIFIER -> Unwrap.Conversion.NUMBER;
          case BYTES_CONV -> Unwrap.Conversion.BYTES;
          case DURATION_CONV -> Unwrap.Conversion.DURATION;
          case DURATION_SECONDS_CONV -> Unwrap.Conversion.DURATION_SECONDS;
          default ->
              throw tokens.unexpected(
                  TokenType.IDENTIFIER,
                  TokenType.BYTES_CONV,
                  TokenType.DURATION_CONV,
                  TokenType.DURATION_SECONDS_CONV);
        };
    String label;
    if (conversion == Unwrap.Conversion.NUMBER) {
      label = tokens.take().text();
    } else {
      tokens.take();
      tokens.expect(TokenType.OPEN_PARENTHESIS);
      label = tokens.expect(TokenType.IDENTIFIER).text();
      tokens.expect(TokenType.CLOSE_PARENTHESIS);
    }
    List<LabelFilter> filters = new ArrayList<>();
    while (tokens.accept(TokenType.PIPE)) {
      filters.add(new LabelFilterParser(tokens).parse());
    }
    return new Unwrap(label, conversion, filters);
  }
}
