// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.model.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the text of stages, as far as tests need it: one token after another, no grammar. */
final class StageReader {

  private record Token(String text, boolean quoted) {}

  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private StageReader(String text) {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (c == '"' || c == '`') {
        StringBuilder out = new StringBuilder();
        i++;
        while (text.charAt(i) != c) {
          if (c == '"' && text.charAt(i) == '\\') {
            i++;
            out.append(text.charAt(i) == 'n' ? '\n' : text.charAt(i));
          } else {
            out.append(text.charAt(i));
          }
          i++;
        }
        i++;
        tokens.add(new Token(out.toString(), true));
      } else {
        String symbol = "";
        for (String s :
            List.of(
                "|=", "!=", "|~", "!~", "|>", "!>", "=~", "==", ">=", "<=", "|", "=", ">", "<", ",",
                "(", ")")) {
          if (text.startsWith(s, i)) {
            symbol = s;
            break;
          }
        }
        if (symbol.isEmpty()) {
          int from = i;
          while (i < text.length() && " |=!~<>,()\n\"`".indexOf(text.charAt(i)) < 0) {
            i++;
          }
          symbol = text.substring(from, i);
        } else {
          i += symbol.length();
        }
        tokens.add(new Token(symbol, false));
      }
    }
  }

  static List<Stage> read(String text) {
    StageReader reader = new StageReader(text);
    List<Stage> stages = new ArrayList<>();
    while (reader.at < reader.tokens.size()) {
      stages.add(reader.stage());
    }
    return stages;
  }

  private boolean is(String text) {
    return at < tokens.size() && !tokens.get(at).quoted() && tokens.get(at).text().equals(text);
  }

  private boolean take(String text) {
    if (is(text)) {
      at++;
      return true;
    }
    return false;
  }

  private String next() {
    return tokens.get(at++).text();
  }

  private Stage stage() {
    for (LineFilter.Operator operator : LineFilter.Operator.values()) {
      if (take(operator.symbol())) {
        List<LineFilter.Operand> operands = new ArrayList<>();
        do {
          boolean ip = take("ip");
          if (ip) {
            at++;
          }
          operands.add(new LineFilter.Operand(next(), ip));
          if (ip) {
            at++;
          }
        } while (take("or"));
        return new LineFilter(operator, operands);
      }
    }
    if (!take("|")) {
      throw new AssertionError("a stage begins with |: " + tokens.get(at));
    }
    String word = next();
    switch (word) {
      case "json" -> {
        return atEnd() ? new JsonStage() : new JsonExpressionStage(extractions());
      }
      case "logfmt" -> {
        boolean strict = false;
        boolean keep = false;
        while (is("--strict") || is("--keep-empty")) {
          strict |= is("--strict");
          keep |= is("--keep-empty");
          at++;
        }
        return atEnd()
            ? new LogfmtStage(strict, keep)
            : new LogfmtExpressionStage(strict, keep, extractions());
      }
      case "regexp" -> {
        return new RegexpStage(next());
      }
      case "pattern" -> {
        return new PatternStage(next());
      }
      case "unpack" -> {
        return new UnpackStage();
      }
      case "decolorize" -> {
        return new DecolorizeStage();
      }
      case "line_format" -> {
        return new LineFormatStage(next());
      }
      case "label_format" -> {
        List<LabelFormat> formats = new ArrayList<>();
        do {
          String label = next();
          at++;
          boolean rename = !tokens.get(at).quoted();
          formats.add(new LabelFormat(label, next(), rename));
        } while (take(","));
        return new LabelFormatStage(formats);
      }
      case "drop", "keep" -> {
        List<LabelChoice> choices = new ArrayList<>();
        do {
          String name = next();
          Matcher matcher = matcher(name);
          choices.add(new LabelChoice(name, matcher));
        } while (take(","));
        return word.equals("drop") ? new DropStage(choices) : new KeepStage(choices);
      }
      default -> {
        at--;
        return or();
      }
    }
  }

  private boolean atEnd() {
    return at == tokens.size()
        || (tokens.get(at).text().startsWith("|") && !tokens.get(at).quoted())
        || is("!=")
        || is("!~");
  }

  private @Nullable Matcher matcher(String name) {
    for (Matcher.Type type : Matcher.Type.values()) {
      if (take(type.symbol())) {
        return new Matcher(type, name, next());
      }
    }
    return null;
  }

  private List<Extraction> extractions() {
    List<Extraction> extractions = new ArrayList<>();
    do {
      String label = next();
      extractions.add(new Extraction(label, take("=") ? next() : label));
    } while (take(","));
    return extractions;
  }

  private LabelFilter or() {
    LabelFilter left = and();
    while (take("or")) {
      left = new EitherFilter(left, and());
    }
    return left;
  }

  private LabelFilter and() {
    LabelFilter left = filter();
    while (!atEnd() && !is("or") && !is(")")) {
      if (!take("and")) {
        take(",");
      }
      left = new BothFilter(left, filter());
    }
    return left;
  }

  private LabelFilter filter() {
    if (take("(")) {
      LabelFilter nested = or();
      at++;
      return nested;
    }
    String label = next();
    String symbol = next();
    if (take("ip")) {
      at++;
      String pattern = next();
      at++;
      return new IpLabelFilter(label, symbol.equals("!="), pattern);
    }
    if (tokens.get(at).quoted()) {
      at--;
      return new TextFilter(java.util.Objects.requireNonNull(matcher(label)));
    }
    Comparison comparison = Comparison.EQUAL;
    for (Comparison candidate : Comparison.values()) {
      if (candidate.symbol().equals(symbol)) {
        comparison = candidate;
      }
    }
    String value = next();
    double number = io.skopos.logs.language.pipeline.text.GoNumber.parse(value);
    if (!io.skopos.logs.language.pipeline.text.GoNumber.isInvalid(number)) {
      return new NumberFilter(label, comparison, number);
    }
    long nanos = io.skopos.logs.language.pipeline.text.GoDuration.parse(value);
    if (nanos != io.skopos.logs.language.pipeline.text.GoDuration.INVALID) {
      return new DurationFilter(label, comparison, nanos);
    }
    double size = io.skopos.logs.language.pipeline.text.ByteSizeText.parse(value);
    if (size < 0) {
      throw new AssertionError(value.toLowerCase(Locale.ROOT));
    }
    return new BytesFilter(label, comparison, (long) size);
  }
}
