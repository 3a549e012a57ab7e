// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import io.skopos.engine.aggregation.Grouping;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.LogRange;
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.RangeOperator;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.ast.Unwrap;
import io.skopos.model.Matcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Range aggregations. The range may stand before the pipeline or behind it, and parentheses round
 * what is before the range, or round all.
 */
final class RangeParser {

  private final Tokens tokens;
  private final SelectorParser selectors;
  private final StageParser stages;

  RangeParser(Tokens tokens) {
    this.tokens = tokens;
    this.selectors = new SelectorParser(tokens);
    this.stages = new StageParser(tokens);
  }

  /** After the name of the function. */
  RangeAggregation parse(RangeOperator operator) throws ParseFailed {
    int before = tokens.problems();
    tokens.expect(TokenType.OPEN_PARENTHESIS);
    String parameter = null;
    if (tokens.at(TokenType.NUMBER)) {
      parameter = tokens.take().text();
      tokens.expect(TokenType.COMMA);
    }
    LogRange range = range();
    tokens.expect(TokenType.CLOSE_PARENTHESIS);
    Grouping grouping = GroupingParser.isNext(tokens) ? new GroupingParser(tokens).parse() : null;
    Double number = check(before, operator, parameter, range, grouping);
    return new RangeAggregation(operator, number, range, grouping);
  }

  private @Nullable Double check(
      int before,
      RangeOperator operator,
      @Nullable String parameter,
      LogRange range,
      @Nullable Grouping grouping) {
    SelectorCheck.check(tokens, range.log());
    String name = operator.text();
    boolean quantile = operator == RangeOperator.QUANTILE_OVER_TIME;
    Double number = null;
    if (parameter != null && !quantile) {
      tokens.problem(before, "parameter " + parameter + " not supported for operation " + name);
    } else if (parameter == null && quantile) {
      tokens.problem(before, "parameter required for operation " + name);
    } else if (grouping != null && !operator.groups()) {
      tokens.problem(before, "grouping not allowed for " + name + " aggregation");
    } else if (range.unwrap() != null && !operator.takesUnwrapped()) {
      tokens.problem(before, "invalid aggregation " + name + " with unwrap");
    } else if (range.unwrap() == null && !operator.takesEntries()) {
      tokens.problem(before, "invalid aggregation " + name + " without unwrap");
    } else if (range.intervalNs() <= 0) {
      tokens.problem(before, "the range of " + name + " must be longer than 0");
    } else if (parameter != null) {
      try {
        number = Numbers.parse(parameter);
      } catch (IllegalArgumentException e) {
        tokens.problem(before, "invalid parameter for operation " + name + ": " + e.getMessage());
      }
    }
    return number;
  }

  private LogRange range() throws ParseFailed {
    if (!tokens.at(TokenType.OPEN_PARENTHESIS)) {
      List<Matcher> matchers = selector();
      return tokens.at(TokenType.RANGE) ? rangeFirst(matchers) : pipelineFirst(matchers);
    }
    tokens.enter();
    tokens.take();
    LogRange range;
    if (tokens.at(TokenType.OPEN_PARENTHESIS)) {
      range = range();
      tokens.expect(TokenType.CLOSE_PARENTHESIS);
    } else {
      range = parenthesized(selector());
    }
    tokens.leave();
    return range;
  }

  private List<Matcher> selector() throws ParseFailed {
    if (!tokens.at(TokenType.OPEN_BRACE)) {
      throw tokens.unexpected(TokenType.OPEN_BRACE, TokenType.OPEN_PARENTHESIS);
    }
    return selectors.parse();
  }

  private LogRange parenthesized(List<Matcher> matchers) throws ParseFailed {
    if (tokens.at(TokenType.RANGE)) {
      LogRange range = rangeFirst(matchers);
      tokens.expect(TokenType.CLOSE_PARENTHESIS);
      return range;
    }
    List<Stage> pipeline = stages.parse(true);
    Unwrap unwrap = tokens.at(TokenType.UNWRAP) ? stages.unwrap() : null;
    LogExpr log = new LogExpr(matchers, pipeline);
    if (tokens.at(TokenType.RANGE)) {
      LogRange range = new LogRange(log, unwrap, tokens.take().amount(), offset());
      tokens.expect(TokenType.CLOSE_PARENTHESIS);
      return range;
    }
    if (!tokens.accept(TokenType.CLOSE_PARENTHESIS)) {
      throw tokens.unexpected();
    }
    long interval = tokens.expect(TokenType.RANGE).amount();
    long offset = offset();
    if (pipeline.isEmpty() && unwrap == null && tokens.accept(TokenType.PIPE)) {
      unwrap = stages.unwrap();
    }
    return new LogRange(log, unwrap, interval, offset);
  }

  private LogRange rangeFirst(List<Matcher> matchers) throws ParseFailed {
    long interval = tokens.expect(TokenType.RANGE).amount();
    long offset = offset();
    List<Stage> pipeline = stages.parse(true);
    Unwrap unwrap = tokens.at(TokenType.UNWRAP) ? stages.unwrap() : null;
    return new LogRange(new LogExpr(matchers, pipeline), unwrap, interval, offset);
  }

  private LogRange pipelineFirst(List<Matcher> matchers) throws ParseFailed {
    List<Stage> pipeline = stages.parse(true);
    Unwrap unwrap = tokens.at(TokenType.UNWRAP) ? stages.unwrap() : null;
    if (!tokens.at(TokenType.RANGE)) {
      throw tokens.unexpected();
    }
    long interval = tokens.take().amount();
    return new LogRange(new LogExpr(matchers, pipeline), unwrap, interval, offset());
  }

  private long offset() throws ParseFailed {
    return tokens.accept(TokenType.OFFSET) ? tokens.expect(TokenType.DURATION).amount() : 0;
  }
}
