// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import io.skopos.engine.text.NumberText;
import io.skopos.engine.text.StringSyntax;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code printf} as Go has it, for the values templates have. */
final class GoFormat {

  private static final int MAX_WIDTH = 10_000;

  private final String format;
  private final List<@Nullable Object> arguments;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int next;
  private boolean minus;
  private boolean plus;
  private boolean zero;
  private boolean space;
  private boolean sharp;
  private int width;
  private int precision;

  private GoFormat(String format, List<@Nullable Object> arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  static String format(String format, List<@Nullable Object> arguments) {
    return new GoFormat(format, arguments).run();
  }

  private String run() {
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%') {
        out.append(c);
        continue;
      }
      flags();
      width = size();
      precision = -1;
      if (at < format.length() && format.charAt(at) == '.') {
        at++;
        precision = Math.max(0, size());
      }
      if (at >= format.length()) {
        out.append("%!(NOVERB)");
        break;
      }
      int verb = format.codePointAt(at);
      at += Character.charCount(verb);
      if (verb == '%') {
        out.append('%');
      } else if (next >= arguments.size()) {
        out.append("%!").appendCodePoint(verb).append("(MISSING)");
      } else {
        argument(verb, arguments.get(next++));
      }
    }
    if (next < arguments.size()) {
      out.append("%!(EXTRA ");
      for (int i = next; i < arguments.size(); i++) {
        out.append(i > next ? ", " : "").append(GoValues.type(arguments.get(i)));
        out.append('=').append(GoValues.text(arguments.get(i)));
      }
      out.append(')');
    }
    return out.toString();
  }

  private void flags() {
    minus = false;
    plus = false;
    zero = false;
    space = false;
    sharp = false;
    for (; at < format.length(); at++) {
      switch (format.charAt(at)) {
        case '-' -> minus = true;
        case '+' -> plus = true;
        case '0' -> zero = true;
        case ' ' -> space = true;
        case '#' -> sharp = true;
        default -> {
          return;
        }
      }
    }
  }

  private int size() {
    if (at < format.length() && format.charAt(at) == '*') {
      at++;
      long given = next < arguments.size() ? GoValues.toLong(arguments.get(next++)) : 0;
      minus |= given < 0;
      return bounded(Math.abs(given));
    }
    long number = -1;
    while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
      number = Math.max(0, number) * 10 + (format.charAt(at++) - '0');
      bounded(number);
    }
    return (int) number;
  }

  private static int bounded(long number) {
    if (number > MAX_WIDTH) {
      throw new TemplateFailed("a width of more than " + MAX_WIDTH);
    }
    return (int) number;
  }

  private void argument(int verb, @Nullable Object value) {
    String text =
        switch (verb) {
          case 'v', 's' -> plain(verb, value);
          case 'q' ->
              value instanceof String string
                  ? sharp && !string.contains("`") ? "`" + string + "`" : StringSyntax.quote(string)
                  : value instanceof Long number ? StringSyntax.quote(number.intValue()) : null;
          case 'T' -> GoValues.type(value);
          case 't' -> value instanceof Boolean bool ? bool.toString() : null;
          case 'd' -> value instanceof Long number ? signed(Long.toString(number)) : null;
          case 'b' -> value instanceof Long number ? signed(Long.toString(number, 2)) : null;
          case 'o' -> value instanceof Long number ? signed(Long.toString(number, 8)) : null;
          case 'c' ->
              value instanceof Long number && Character.isValidCodePoint(number.intValue())
                  ? Character.toString(number.intValue())
                  : null;
          case 'U' ->
              value instanceof Long number ? String.format(Locale.ROOT, "U+%04X", number) : null;
          case 'x', 'X' -> hex(verb, value);
          case 'e', 'E', 'f', 'F', 'g', 'G' ->
              value instanceof Double number ? signed(real(verb, number)) : null;
          default -> null;
        };
    if (text == null) {
      out.append("%!").appendCodePoint(verb).append('(');
      if (value == null) {
        out.append("<nil>)");
      } else {
        out.append(GoValues.type(value)).append('=').append(GoValues.text(value)).append(')');
      }
      return;
    }
    pad(text, value instanceof Long || value instanceof Double);
  }

  private @Nullable String plain(int verb, @Nullable Object value) {
    if (value instanceof String string) {
      if (precision >= 0 && precision < string.codePointCount(0, string.length())) {
        return string.substring(0, string.offsetByCodePoints(0, precision));
      }
      return sharp && verb == 'v' ? StringSyntax.quote(string) : string;
    }
    if (verb == 's'
        && (value instanceof Long || value instanceof Double || value instanceof Boolean)) {
      return null;
    }
    if (value instanceof Double number) {
      return signed(precision >= 0 ? real('g', number) : NumberText.shortest(number));
    }
    return value == null
        ? verb == 's' ? null : "<nil>"
        : value instanceof Long ? signed(value.toString()) : GoValues.text(value);
  }

  private String signed(String number) {
    return number.startsWith("-") || number.startsWith("+")
        ? number
        : plus ? "+" + number : space ? " " + number : number;
  }

  private @Nullable String hex(int verb, @Nullable Object value) {
    String text;
    if (value instanceof Long number) {
      String sign = number < 0 ? "-" : "";
      text = sign + (sharp ? "0x" : "") + Long.toHexString(Math.abs(number));
    } else if (value instanceof String string) {
      StringBuilder hex = new StringBuilder(sharp ? "0x" : "");
      for (byte b : string.getBytes(StandardCharsets.UTF_8)) {
        hex.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
      }
      text = hex.toString();
    } else {
      return null;
    }
    return verb == 'X' ? text.toUpperCase(Locale.ROOT) : text;
  }

  private String real(int verb, double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return NumberText.shortest(number);
    }
    int digits = precision < 0 ? 6 : precision;
    switch (verb) {
      case 'f', 'F' -> {
        String text =
            new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return number < 0 && !text.startsWith("-") ? "-" + text : text;
      }
      case 'e', 'E' -> {
        String text = String.format(Locale.ROOT, "%." + digits + "e", number);
        return verb == 'E' ? text.toUpperCase(Locale.ROOT) : text;
      }
      default -> {
        if (precision < 0) {
          return NumberText.shortest(number);
        }
        BigDecimal rounded =
            new BigDecimal(number)
                .round(new java.math.MathContext(Math.max(1, precision), RoundingMode.HALF_EVEN));
        return NumberText.shortest(rounded.doubleValue());
      }
    }
  }

  private void pad(String text, boolean number) {
    int missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      out.append(text);
    } else if (minus) {
      out.append(text).repeat(' ', missing);
    } else if (zero && number) {
      int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
      out.append(text, 0, sign).repeat('0', missing).append(text, sign, text.length());
    } else {
      out.repeat(zero ? '0' : ' ', missing).append(text);
    }
  }
}
