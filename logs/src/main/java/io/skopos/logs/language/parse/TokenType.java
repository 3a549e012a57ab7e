// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What tokens there are. Their order is that in which error messages list what was expected; their
 * names are what such messages call them.
 */
enum TokenType {
  BYTES,
  IDENTIFIER,
  STRING,
  NUMBER,
  PARSER_FLAG,
  DURATION,
  RANGE,
  EQ("=", Kind.SYMBOL),
  RE("=~", Kind.SYMBOL),
  NRE("!~", Kind.SYMBOL),
  NPA("!>", Kind.SYMBOL),
  OPEN_BRACE("{", Kind.SYMBOL),
  CLOSE_BRACE("}", Kind.SYMBOL),
  CLOSE_BRACKET("]", Kind.SYMBOL),
  COMMA(",", Kind.SYMBOL),
  DOT(".", Kind.SYMBOL),
  PIPE_MATCH("|~", Kind.SYMBOL),
  PIPE_EXACT("|=", Kind.SYMBOL),
  PIPE_PATTERN("|>", Kind.SYMBOL),
  OPEN_PARENTHESIS("(", Kind.SYMBOL),
  CLOSE_PARENTHESIS(")", Kind.SYMBOL),
  BY("by", Kind.WORD),
  WITHOUT("without", Kind.WORD),
  COUNT_OVER_TIME("count_over_time", Kind.FUNCTION),
  RATE("rate", Kind.FUNCTION),
  RATE_COUNTER("rate_counter", Kind.FUNCTION),
  SUM("sum", Kind.FUNCTION),
  SORT("sort", Kind.FUNCTION),
  SORT_DESC("sort_desc", Kind.FUNCTION),
  AVG("avg", Kind.FUNCTION),
  MAX("max", Kind.FUNCTION),
  MIN("min", Kind.FUNCTION),
  COUNT("count", Kind.FUNCTION),
  STDDEV("stddev", Kind.FUNCTION),
  STDVAR("stdvar", Kind.FUNCTION),
  BOTTOMK("bottomk", Kind.FUNCTION),
  TOPK("topk", Kind.FUNCTION),
  APPROX_TOPK("approx_topk", Kind.FUNCTION),
  BYTES_OVER_TIME("bytes_over_time", Kind.FUNCTION),
  BYTES_RATE("bytes_rate", Kind.FUNCTION),
  BOOL("bool", Kind.WORD),
  JSON("json", Kind.WORD),
  REGEXP("regexp", Kind.WORD),
  LOGFMT("logfmt", Kind.WORD),
  PIPE("|", Kind.SYMBOL),
  LINE_FMT("line_format", Kind.WORD),
  LABEL_FMT("label_format", Kind.WORD),
  UNWRAP("unwrap", Kind.WORD),
  AVG_OVER_TIME("avg_over_time", Kind.FUNCTION),
  SUM_OVER_TIME("sum_over_time", Kind.FUNCTION),
  MIN_OVER_TIME("min_over_time", Kind.FUNCTION),
  MAX_OVER_TIME("max_over_time", Kind.FUNCTION),
  STDVAR_OVER_TIME("stdvar_over_time", Kind.FUNCTION),
  STDDEV_OVER_TIME("stddev_over_time", Kind.FUNCTION),
  QUANTILE_OVER_TIME("quantile_over_time", Kind.FUNCTION),
  BYTES_CONV("bytes", Kind.FUNCTION),
  DURATION_CONV("duration", Kind.FUNCTION),
  DURATION_SECONDS_CONV("duration_seconds", Kind.FUNCTION),
  FIRST_OVER_TIME("first_over_time", Kind.FUNCTION),
  LAST_OVER_TIME("last_over_time", Kind.FUNCTION),
  ABSENT_OVER_TIME("absent_over_time", Kind.FUNCTION),
  VECTOR("vector", Kind.FUNCTION),
  LABEL_REPLACE("label_replace", Kind.NAMED_FUNCTION),
  UNPACK("unpack", Kind.WORD),
  OFFSET("offset", Kind.WORD),
  PATTERN("pattern", Kind.WORD),
  IP("ip", Kind.NAMED_FUNCTION),
  ON("on", Kind.WORD),
  IGNORING("ignoring", Kind.WORD),
  GROUP_LEFT("group_left", Kind.WORD),
  GROUP_RIGHT("group_right", Kind.WORD),
  DECOLORIZE("decolorize", Kind.WORD),
  DROP("drop", Kind.WORD),
  KEEP("keep", Kind.WORD),
  VARIANTS("variants", Kind.NAMED_FUNCTION),
  OR("or", Kind.WORD),
  AND("and", Kind.WORD),
  UNLESS("unless", Kind.WORD),
  CMP_EQ("==", Kind.SYMBOL),
  NEQ("!=", Kind.SYMBOL),
  LT("<", Kind.SYMBOL),
  LTE("<=", Kind.SYMBOL),
  GT(">", Kind.SYMBOL),
  GTE(">=", Kind.SYMBOL),
  ADD("+", Kind.SYMBOL),
  SUB("-", Kind.SYMBOL),
  MUL("*", Kind.SYMBOL),
  DIV("/", Kind.SYMBOL),
  MOD("%", Kind.SYMBOL),
  POW("^", Kind.SYMBOL),
  END;

  /** How a text becomes a token of this type. */
  enum Kind {
    /** Not by its text alone. */
    NONE,
    /** One or two characters. */
    SYMBOL,
    /** A word that is always this token. */
    WORD,
    /** A word that is this token only before a parenthesis, or a grouping; messages shout it. */
    FUNCTION,
    /** Likewise, but messages name it as it is written. */
    NAMED_FUNCTION
  }

  private static final Map<String, TokenType> SYMBOLS = new HashMap<>();
  private static final Map<String, TokenType> WORDS = new HashMap<>();

  static {
    for (TokenType type : values()) {
      switch (type.kind) {
        case NONE -> {}
        case SYMBOL -> SYMBOLS.put(type.text, type);
        case WORD, FUNCTION, NAMED_FUNCTION -> WORDS.put(type.text, type);
      }
    }
  }

  private final String text;
  private final Kind kind;

  TokenType() {
    this("", Kind.NONE);
  }

  TokenType(String text, Kind kind) {
    this.text = text;
    this.kind = kind;
  }

  static @Nullable TokenType symbol(String text) {
    return SYMBOLS.get(text);
  }

  static @Nullable TokenType word(String text) {
    return WORDS.get(text.toLowerCase(Locale.ROOT));
  }

  boolean isFunction() {
    return kind == Kind.FUNCTION || kind == Kind.NAMED_FUNCTION;
  }

  /** The text it is always written with; empty when there is none. */
  String text() {
    return text;
  }

  String describe() {
    return switch (kind) {
      case NONE -> this == END ? "$end" : name();
      case FUNCTION -> name();
      case SYMBOL, WORD, NAMED_FUNCTION -> text;
    };
  }
}
