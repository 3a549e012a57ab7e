// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import io.skopos.metrics.language.ast.AggregateOperator;
import io.skopos.metrics.language.ast.BinaryOperator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kinds of tokens. */
enum TokenType {
  ERROR(Kind.END),
  END(Kind.END),
  IDENTIFIER(Kind.WORD),
  METRIC_IDENTIFIER(Kind.WORD),
  STRING(Kind.LITERAL),
  NUMBER(Kind.LITERAL),
  DURATION(Kind.LITERAL),

  LEFT_PAREN(Kind.PUNCTUATION),
  RIGHT_PAREN(Kind.PUNCTUATION),
  LEFT_BRACE(Kind.PUNCTUATION),
  RIGHT_BRACE(Kind.PUNCTUATION),
  LEFT_BRACKET(Kind.PUNCTUATION),
  RIGHT_BRACKET(Kind.PUNCTUATION),
  COMMA(Kind.PUNCTUATION),
  COLON(Kind.PUNCTUATION),
  EQUAL(Kind.PUNCTUATION),

  AT(Kind.OPERATOR),
  EQUAL_REGEX(Kind.OPERATOR),
  NOT_EQUAL_REGEX(Kind.OPERATOR),
  EQUAL_EQUAL(BinaryOperator.EQUAL),
  NOT_EQUAL(BinaryOperator.NOT_EQUAL),
  LESS(BinaryOperator.LESS),
  LESS_OR_EQUAL(BinaryOperator.LESS_OR_EQUAL),
  GREATER(BinaryOperator.GREATER),
  GREATER_OR_EQUAL(BinaryOperator.GREATER_OR_EQUAL),
  TRIM_UPPER(BinaryOperator.TRIM_UPPER),
  TRIM_LOWER(BinaryOperator.TRIM_LOWER),
  PLUS(BinaryOperator.ADD),
  MINUS(BinaryOperator.SUBTRACT),
  MULTIPLY(BinaryOperator.MULTIPLY),
  DIVIDE(BinaryOperator.DIVIDE),
  MODULO(BinaryOperator.MODULO),
  POWER(BinaryOperator.POWER),
  AND(BinaryOperator.AND, true),
  OR(BinaryOperator.OR, true),
  UNLESS(BinaryOperator.UNLESS, true),
  ATAN2(BinaryOperator.ATAN2, false),

  AGGREGATE(Kind.AGGREGATE),

  OFFSET(Kind.KEYWORD, true),
  ANCHORED(Kind.KEYWORD, true),
  SMOOTHED(Kind.KEYWORD, true),
  BY(Kind.KEYWORD, true),
  WITHOUT(Kind.KEYWORD, true),
  ON(Kind.KEYWORD, false),
  IGNORING(Kind.KEYWORD, false),
  GROUP_LEFT(Kind.KEYWORD, false),
  GROUP_RIGHT(Kind.KEYWORD, false),
  FILL(Kind.KEYWORD, true),
  FILL_LEFT(Kind.KEYWORD, true),
  FILL_RIGHT(Kind.KEYWORD, true),
  BOOL(Kind.KEYWORD, false),

  START(Kind.CONTEXT, true),
  FINISH(Kind.CONTEXT, true),
  STEP(Kind.CONTEXT, true),
  RANGE(Kind.CONTEXT, true),
  MIN_OF(Kind.CONTEXT, true),
  MAX_OF(Kind.CONTEXT, true);

  /** How a token is called in error messages. */
  enum Kind {
    END,
    WORD,
    LITERAL,
    PUNCTUATION,
    OPERATOR,
    AGGREGATE,
    KEYWORD,
    /** Words with a meaning only in some places. */
    CONTEXT
  }

  private static final Map<String, TokenType> WORDS = new HashMap<>();
  private static final Map<String, AggregateOperator> AGGREGATES = new HashMap<>();

  static {
    for (TokenType type : values()) {
      boolean isWord =
          switch (type.kind) {
            case KEYWORD, CONTEXT -> true;
            case OPERATOR -> type.ordinal() >= AND.ordinal();
            case END, WORD, LITERAL, PUNCTUATION, AGGREGATE -> false;
          };
      if (isWord) {
        WORDS.put(type == FINISH ? "end" : type.name().toLowerCase(Locale.ROOT), type);
      }
    }
    for (AggregateOperator operator : AggregateOperator.values()) {
      AGGREGATES.put(operator.symbol(), operator);
      WORDS.put(operator.symbol(), AGGREGATE);
    }
    WORDS.put("inf", NUMBER);
    WORDS.put("nan", NUMBER);
  }

  private final Kind kind;
  private final @Nullable BinaryOperator operator;
  private final boolean maybeMetric;

  TokenType(Kind kind) {
    this(kind, kind == Kind.WORD || kind == Kind.AGGREGATE);
  }

  TokenType(Kind kind, boolean maybeMetric) {
    this.kind = kind;
    this.operator = null;
    this.maybeMetric = maybeMetric;
  }

  TokenType(BinaryOperator operator) {
    this(operator, false);
  }

  TokenType(BinaryOperator operator, boolean maybeMetric) {
    this.kind = Kind.OPERATOR;
    this.operator = operator;
    this.maybeMetric = maybeMetric;
  }

  /** What this word means, whatever its case, or null when it is a plain identifier. */
  static @Nullable TokenType ofWord(String word) {
    return WORDS.get(word.toLowerCase(Locale.ROOT));
  }

  static @Nullable AggregateOperator aggregate(String word) {
    return AGGREGATES.get(word.toLowerCase(Locale.ROOT));
  }

  Kind kind() {
    return kind;
  }

  @Nullable BinaryOperator operator() {
    return operator;
  }

  /** Whether a metric may have this word as its name. */
  boolean maybeMetric() {
    return maybeMetric;
  }

  /** Whether a label may have this word as its name, unquoted. */
  boolean maybeLabel() {
    return maybeMetric || kind == Kind.KEYWORD || this == ATAN2;
  }
}
