// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.engine.aggregation.Grouping;
import io.skopos.engine.binary.BinaryOperator;
import io.skopos.logs.language.ast.Binary;
import io.skopos.logs.language.ast.Expr;
import io.skopos.logs.language.ast.LabelReplace;
import io.skopos.logs.language.ast.Literal;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.ast.Matching;
import io.skopos.logs.language.ast.MetricExpr;
import io.skopos.logs.language.ast.Operator;
import io.skopos.logs.language.ast.RangeOperator;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.ast.VectorAggregation;
import io.skopos.logs.language.ast.VectorLiteral;
import io.skopos.logs.language.ast.VectorOperator;
import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whole queries and what they are made of, by precedence. */
final class ExpressionParser {

  /** Operators one after another make a tree as deep as there are operators. */
  private static final int MAX_OPERATORS = 1000;

  private final Tokens tokens;
  private int operators;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  Expr parse() throws ParseFailed {
    return binary(0);
  }

  private Expr binary(int least) throws ParseFailed {
    int before = tokens.problems();
    Expr left = single();
    while (true) {
      Operator operator = operator();
      if (operator == null || operator.precedence() < least) {
        return left;
      }
      if (++operators > MAX_OPERATORS) {
        throw new ParseFailed("the query has more than " + MAX_OPERATORS + " operators");
      }
      tokens.take();
      boolean bool = tokens.accept(TokenType.BOOL);
      Matching matching = matching();
      tokens.enter();
      Expr right =
          binary(operator.isRightAssociative() ? operator.precedence() : operator.precedence() + 1);
      tokens.leave();
      left = combine(before, operator, bool, matching, left, right);
    }
  }

  private @Nullable Operator operator() {
    return switch (tokens.type()) {
      case OR -> Operator.OR;
      case AND -> Operator.AND;
      case UNLESS -> Operator.UNLESS;
      case CMP_EQ -> Operator.EQUAL;
      case NEQ -> Operator.NOT_EQUAL;
      case LT -> Operator.LESS;
      case LTE -> Operator.LESS_OR_EQUAL;
      case GT -> Operator.GREATER;
      case GTE -> Operator.GREATER_OR_EQUAL;
      case ADD -> Operator.ADD;
      case SUB -> Operator.SUBTRACT;
      case MUL -> Operator.MULTIPLY;
      case DIV -> Operator.DIVIDE;
      case MOD -> Operator.MODULO;
      case POW -> Operator.POWER;
      default -> null;
    };
  }

  private Matching matching() throws ParseFailed {
    if (!tokens.at(TokenType.ON) && !tokens.at(TokenType.IGNORING)) {
      return Matching.DEFAULT;
    }
    GroupingParser lists = new GroupingParser(tokens);
    boolean on = tokens.take().type() == TokenType.ON;
    List<String> labels = lists.labels();
    Matching.Cardinality cardinality =
        tokens.at(TokenType.GROUP_LEFT)
            ? Matching.Cardinality.MANY_TO_ONE
            : tokens.at(TokenType.GROUP_RIGHT)
                ? Matching.Cardinality.ONE_TO_MANY
                : Matching.Cardinality.ONE_TO_ONE;
    List<String> include = null;
    if (cardinality != Matching.Cardinality.ONE_TO_ONE) {
      tokens.take();
      include = tokens.at(TokenType.OPEN_PARENTHESIS) ? lists.labels() : null;
    }
    return new Matching(cardinality, on, labels, include);
  }

  private MetricExpr combine(
      int before, Operator operator, boolean bool, Matching matching, Expr left, Expr right) {
    if (!(left instanceof MetricExpr leftMetric)) {
      tokens.problem(before, wrongLeg("left", operator, left));
      return new Literal(0);
    }
    if (!(right instanceof MetricExpr rightMetric)) {
      tokens.problem(before, wrongLeg("right", operator, right));
      return new Literal(0);
    }
    if (operator.isSet() && leftMetric instanceof Literal(double value)) {
      tokens.problem(before, literalLeg("left", operator, value));
    } else if (operator.isSet() && rightMetric instanceof Literal(double value)) {
      tokens.problem(before, literalLeg("right", operator, value));
    } else if (leftMetric instanceof Literal(double first)
        && rightMetric instanceof Literal(double second)) {
      return new Literal(apply(operator, first, second));
    }
    return new Binary(operator, bool, matching, leftMetric, rightMetric);
  }

  private static double apply(Operator operator, double left, double right) {
    BinaryOperator arithmetic = operator.arithmetic();
    return arithmetic == null ? Double.NaN : arithmetic.apply(left, right);
  }

  private static String wrongLeg(String leg, Operator operator, Expr expr) {
    String type =
        expr instanceof LogExpr log && log.stages().isEmpty()
            ? "*syntax.MatchersExpr"
            : "*syntax.PipelineExpr";
    return "unexpected type for "
        + leg
        + " leg of binary operation ("
        + operator.symbol()
        + "): "
        + type;
  }

  private static String literalLeg(String leg, Operator operator, double value) {
    return String.format(
        Locale.ROOT,
        "unexpected literal for %s leg of logical/set binary operation (%s): %f",
        leg,
        operator.symbol(),
        value);
  }

  private Expr single() throws ParseFailed {
    RangeOperator range = rangeOperator();
    if (range != null) {
      tokens.take();
      return new RangeParser(tokens).parse(range);
    }
    VectorOperator vector = vectorOperator();
    if (vector != null) {
      return aggregation(vector);
    }
    return switch (tokens.type()) {
      case OPEN_BRACE -> log();
      case NUMBER, ADD, SUB -> new Literal(Numbers.signed(tokens));
      case LABEL_REPLACE -> labelReplace();
      case VECTOR -> vectorLiteral();
      case VARIANTS ->
          throw new ParseFailed("multi variant queries are disabled for this instance");
      case OPEN_PARENTHESIS -> {
        tokens.enter();
        tokens.take();
        Expr inner = parse();
        if (!tokens.accept(TokenType.CLOSE_PARENTHESIS)) {
          throw tokens.unexpected();
        }
        tokens.leave();
        yield inner;
      }
      default -> throw tokens.unexpected();
    };
  }

  private LogExpr log() throws ParseFailed {
    List<Matcher> matchers = new SelectorParser(tokens).parse();
    List<Stage> stages = new StageParser(tokens).parse(false);
    return new LogExpr(matchers, stages);
  }

  private @Nullable RangeOperator rangeOperator() {
    return switch (tokens.type()) {
      case COUNT_OVER_TIME -> RangeOperator.COUNT_OVER_TIME;
      case RATE -> RangeOperator.RATE;
      case RATE_COUNTER -> RangeOperator.RATE_COUNTER;
      case BYTES_OVER_TIME -> RangeOperator.BYTES_OVER_TIME;
      case BYTES_RATE -> RangeOperator.BYTES_RATE;
      case AVG_OVER_TIME -> RangeOperator.AVG_OVER_TIME;
      case SUM_OVER_TIME -> RangeOperator.SUM_OVER_TIME;
      case MIN_OVER_TIME -> RangeOperator.MIN_OVER_TIME;
      case MAX_OVER_TIME -> RangeOperator.MAX_OVER_TIME;
      case STDVAR_OVER_TIME -> RangeOperator.STDVAR_OVER_TIME;
      case STDDEV_OVER_TIME -> RangeOperator.STDDEV_OVER_TIME;
      case QUANTILE_OVER_TIME -> RangeOperator.QUANTILE_OVER_TIME;
      case FIRST_OVER_TIME -> RangeOperator.FIRST_OVER_TIME;
      case LAST_OVER_TIME -> RangeOperator.LAST_OVER_TIME;
      case ABSENT_OVER_TIME -> RangeOperator.ABSENT_OVER_TIME;
      default -> null;
    };
  }

  private @Nullable VectorOperator vectorOperator() {
    return switch (tokens.type()) {
      case SUM -> VectorOperator.SUM;
      case AVG -> VectorOperator.AVG;
      case MAX -> VectorOperator.MAX;
      case MIN -> VectorOperator.MIN;
      case COUNT -> VectorOperator.COUNT;
      case STDDEV -> VectorOperator.STDDEV;
      case STDVAR -> VectorOperator.STDVAR;
      case TOPK -> VectorOperator.TOPK;
      case BOTTOMK -> VectorOperator.BOTTOMK;
      case APPROX_TOPK -> VectorOperator.APPROX_TOPK;
      case SORT -> VectorOperator.SORT;
      case SORT_DESC -> VectorOperator.SORT_DESC;
      default -> null;
    };
  }

  private MetricExpr aggregation(VectorOperator operator) throws ParseFailed {
    int before = tokens.problems();
    tokens.enter();
    tokens.take();
    Grouping grouping = GroupingParser.isNext(tokens) ? new GroupingParser(tokens).parse() : null;
    boolean grouped = grouping != null;
    tokens.expect(TokenType.OPEN_PARENTHESIS);
    Token start = tokens.peek();
    int taken = tokens.taken();
    Expr expr = parse();
    String parameter = null;
    if (start.type() == TokenType.NUMBER
        && tokens.taken() == taken + 1
        && tokens.accept(TokenType.COMMA)) {
      parameter = start.text();
      expr = parse();
    }
    if (!(expr instanceof MetricExpr metric) || !tokens.at(TokenType.CLOSE_PARENTHESIS)) {
      throw tokens.unexpected();
    }
    tokens.take();
    if (!grouped && GroupingParser.isNext(tokens)) {
      grouping = new GroupingParser(tokens).parse();
    }
    tokens.leave();
    int number = check(before, operator, parameter, grouping);
    return new VectorAggregation(
        operator, grouping == null ? Grouping.ALL : grouping, number, metric);
  }

  private int check(
      int before,
      VectorOperator operator,
      @Nullable String parameter,
      @Nullable Grouping grouping) {
    String name = operator.text();
    if (!operator.takesParameter()) {
      if (parameter != null) {
        tokens.problem(
            before, "unsupported parameter for operation " + name + "(" + parameter + ",");
      } else if ((operator == VectorOperator.SORT || operator == VectorOperator.SORT_DESC)
          && grouping != null
          && !grouping.names().isEmpty()) {
        tokens.problem(before, "sort and sort_desc doesn't allow grouping by ");
      }
      return 0;
    }
    if (parameter == null) {
      tokens.problem(before, "parameter required for operation " + name);
      return 0;
    }
    int number = 0;
    try {
      number = Integer.parseInt(parameter);
    } catch (NumberFormatException _) {
      tokens.problem(before, "invalid parameter " + name + "(" + parameter + ",");
      return 0;
    }
    if (number <= 0) {
      tokens.problem(
          before, "invalid parameter (must be greater than 0) " + name + "(" + parameter);
    } else if (operator == VectorOperator.APPROX_TOPK && grouping != null) {
      tokens.problem(before, "grouping not allowed for " + name + " aggregation");
    }
    return number;
  }

  private MetricExpr labelReplace() throws ParseFailed {
    int before = tokens.problems();
    tokens.enter();
    tokens.take();
    tokens.expect(TokenType.OPEN_PARENTHESIS);
    if (!(parse() instanceof MetricExpr metric) || !tokens.at(TokenType.COMMA)) {
      throw tokens.unexpected();
    }
    String destination = argument();
    String replacement = argument();
    String source = argument();
    String regex = argument();
    tokens.expect(TokenType.CLOSE_PARENTHESIS);
    tokens.leave();
    try {
      LabelPattern.checkSize(regex);
      Pattern.compile("^(?:" + regex + ")$");
    } catch (PatternSyntaxException | IllegalArgumentException e) {
      tokens.problem(before, "invalid regex in label_replace: " + e.getMessage());
    }
    return new LabelReplace(metric, destination, replacement, source, regex);
  }

  private String argument() throws ParseFailed {
    tokens.expect(TokenType.COMMA);
    return tokens.expect(TokenType.STRING).text();
  }

  private MetricExpr vectorLiteral() throws ParseFailed {
    int before = tokens.problems();
    tokens.take();
    tokens.expect(TokenType.OPEN_PARENTHESIS);
    String number = tokens.expect(TokenType.NUMBER).text();
    tokens.expect(TokenType.CLOSE_PARENTHESIS);
    double value = 0;
    try {
      value = Numbers.parse(number);
    } catch (IllegalArgumentException e) {
      tokens.problem(before, "unable to parse vectorExpr as a float: " + e.getMessage());
    }
    return new VectorLiteral(value);
  }
}
