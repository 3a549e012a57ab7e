// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import io.skopos.engine.text.NumberText;
import io.skopos.logs.language.pipeline.text.GoNumber;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of templates: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@link
 * GoTime}, maps and lists of these, and null; and how Go and the libraries Loki uses turn one into
 * another.
 */
final class GoValues {

  private GoValues() {}

  /** As {@code print} writes it. */
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "<nil>";
      case String text -> text;
      case Double number -> NumberText.shortest(number);
      case Map<?, ?> map -> {
        StringBuilder out = new StringBuilder("map[");
        map.forEach((key, of) -> {
          out.append(out.length() > 4 ? " " : "");
          out.append(key).append(':').append(text(of));
        });
        yield out.append(']').toString();
      }
      case List<?> list -> {
        StringBuilder out = new StringBuilder("[");
        for (Object of : list) {
          out.append(out.length() > 1 ? " " : "").append(text(of));
        }
        yield out.append(']').toString();
      }
      default -> value.toString();
    };
  }

  static String type(@Nullable Object value) {
    return switch (value) {
      case null -> "<nil>";
      case String _ -> "string";
      case Long _ -> "int";
      case Double _ -> "float64";
      case Boolean _ -> "bool";
      case GoTime _ -> "time.Time";
      case Map<?, ?> _ -> "map[string]interface {}";
      case List<?> _ -> "[]interface {}";
      default -> "interface {}";
    };
  }

  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case String text -> !text.isEmpty();
      case Long number -> number != 0;
      case Double number -> number != 0;
      case Boolean bool -> bool;
      case Map<?, ?> map -> !map.isEmpty();
      case List<?> list -> !list.isEmpty();
      default -> true;
    };
  }

  /** A number as Go's source has it; null when it is none. */
  static @Nullable Object number(String source) {
    String text = source.replace("_", "");
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    String lower = unsigned.toLowerCase(Locale.ROOT);
    int radix = 10;
    String digits = lower;
    if (lower.startsWith("0x")) {
      radix = 16;
      digits = lower.substring(2);
    } else if (lower.startsWith("0b")) {
      radix = 2;
      digits = lower.substring(2);
    } else if (lower.startsWith("0o")) {
      radix = 8;
      digits = lower.substring(2);
    } else if (lower.length() > 1 && lower.startsWith("0") && !lower.contains(".")) {
      radix = 8;
      digits = lower.substring(1);
    }
    boolean whole = !digits.isEmpty() && digits.length() <= 64;
    for (int i = 0; i < digits.length(); i++) {
      whole &= Character.digit(digits.charAt(i), radix) >= 0 && digits.charAt(i) < 128;
    }
    if (whole) {
      BigInteger value = new BigInteger(digits, radix);
      value = text.startsWith("-") ? value.negate() : value;
      return value.bitLength() < 64 ? (Object) value.longValue() : null;
    }
    double value = GoNumber.parse(text);
    return GoNumber.isInvalid(value) || Double.isInfinite(value) || Double.isNaN(value)
        ? null
        : value;
  }

  static long toLong(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number.longValue();
      case Boolean bool -> bool ? 1 : 0;
      case String text -> {
        String trimmed = text;
        int point = trimmed.indexOf('.');
        if (point > 0 && trimmed.substring(point + 1).chars().allMatch(c -> c == '0')) {
          trimmed = trimmed.substring(0, point);
        }
        yield number(trimmed) instanceof Long number ? number : 0;
      }
      case null, default -> 0;
    };
  }

  static double toDouble(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number;
      case Boolean bool -> bool ? 1 : 0;
      case String text -> {
        double number = GoNumber.parse(text);
        yield GoNumber.isInvalid(number) ? 0 : number;
      }
      case null, default -> 0;
    };
  }

  static int length(@Nullable Object value) {
    return switch (value) {
      case String text -> text.getBytes(StandardCharsets.UTF_8).length;
      case Map<?, ?> map -> map.size();
      case List<?> list -> list.size();
      case null, default -> throw new TemplateFailed("len of type " + type(value));
    };
  }
}
