// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Functions of templates, under Promtail's and Go's names. */
final class TemplateFunctions {

  private interface Function {
    @Nullable Object apply(List<@Nullable Object> arguments);
  }

  private record Known(int least, int most, Function function) {}

  private static final Map<String, Known> KNOWN = new TreeMap<>();

  static {
    text("ToLower", text -> text.toLowerCase(Locale.ROOT));
    text("lower", text -> text.toLowerCase(Locale.ROOT));
    text("ToUpper", text -> text.toUpperCase(Locale.ROOT));
    text("upper", text -> text.toUpperCase(Locale.ROOT));
    text("TrimSpace", String::strip);
    text("trim", String::strip);
    add("Replace", 4, 4, a -> replace(text(a, 0), text(a, 1), text(a, 2), number(a, 3)));
    add("replace", 3, 3, a -> text(a, 2).replace(text(a, 0), text(a, 1)));
    add("Trim", 2, 2, a -> trim(text(a, 0), text(a, 1), true, true));
    add("TrimLeft", 2, 2, a -> trim(text(a, 0), text(a, 1), true, false));
    add("TrimRight", 2, 2, a -> trim(text(a, 0), text(a, 1), false, true));
    add("TrimPrefix", 2, 2, a -> trimPrefix(text(a, 0), text(a, 1)));
    add("TrimSuffix", 2, 2, a -> trimSuffix(text(a, 0), text(a, 1)));
    add("trimPrefix", 2, 2, a -> trimPrefix(text(a, 1), text(a, 0)));
    add("trimSuffix", 2, 2, a -> trimSuffix(text(a, 1), text(a, 0)));
    add("Hash", 2, 2, a -> digest("SHA3-256", text(a, 0) + text(a, 1)));
    add("Sha2Hash", 2, 2, a -> digest("SHA-256", text(a, 0) + text(a, 1)));
    add("regexReplaceAll", 3, 3, a -> regexReplace(text(a, 0), text(a, 1), text(a, 2), false));
    add(
        "regexReplaceAllLiteral",
        3,
        3,
        a -> regexReplace(text(a, 0), text(a, 1), text(a, 2), true));
    add("default", 2, 2, a -> isTrue(a.get(1)) ? a.get(1) : a.get(0));
    add("contains", 2, 2, a -> text(a, 1).contains(text(a, 0)));
    add("hasPrefix", 2, 2, a -> text(a, 1).startsWith(text(a, 0)));
    add("hasSuffix", 2, 2, a -> text(a, 1).endsWith(text(a, 0)));
    add("trunc", 2, 2, a -> truncate(number(a, 0), text(a, 1)));
    add("print", 1, 100, TemplateFunctions::joined);
    add("len", 1, 1, a -> (double) text(a, 0).getBytes(StandardCharsets.UTF_8).length);
    add("not", 1, 1, a -> !isTrue(a.get(0)));
    add("and", 1, 100, a -> a.stream().filter(v -> !isTrue(v)).findFirst().orElse(a.getLast()));
    add("or", 1, 100, a -> a.stream().filter(v -> isTrue(v)).findFirst().orElse(a.getLast()));
    add("eq", 2, 100, a -> a.subList(1, a.size()).stream().anyMatch(v -> order(a.get(0), v) == 0));
    add("ne", 2, 2, a -> order(a.get(0), a.get(1)) != 0);
    add("lt", 2, 2, a -> order(a.get(0), a.get(1)) < 0);
    add("le", 2, 2, a -> order(a.get(0), a.get(1)) <= 0);
    add("gt", 2, 2, a -> order(a.get(0), a.get(1)) > 0);
    add("ge", 2, 2, a -> order(a.get(0), a.get(1)) >= 0);
  }

  private TemplateFunctions() {}

  private static void add(String name, int least, int most, Function function) {
    KNOWN.put(name, new Known(least, most, function));
  }

  private static void text(String name, UnaryOperator<String> function) {
    add(name, 1, 1, arguments -> function.apply(text(arguments, 0)));
  }

  /**
   * @throws IllegalArgumentException when there is no such function, or it takes other arguments
   */
  static TextTemplate.Expression call(String name, List<TextTemplate.Expression> arguments) {
    Known known = KNOWN.get(name);
    if (known == null) {
      throw new IllegalArgumentException(
          "the function '" + name + "' is unknown; there are " + String.join(", ", KNOWN.keySet()));
    }
    if (arguments.size() < known.least || arguments.size() > known.most) {
      throw new IllegalArgumentException(
          "the function " + name + " does not take " + arguments.size() + " arguments");
    }
    List<TextTemplate.Expression> all = List.copyOf(arguments);
    return data -> {
      List<@Nullable Object> values = new ArrayList<>(all.size());
      for (TextTemplate.Expression argument : all) {
        values.add(argument.value(data));
      }
      return known.function.apply(values);
    };
  }

  static String text(@Nullable Object value) {
    if (value instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) < 1e15) {
      return Long.toString(number.longValue());
    }
    return value == null ? "" : value.toString();
  }

  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case Number number -> number.doubleValue() != 0;
      default -> !value.toString().isEmpty();
    };
  }

  private static String text(List<@Nullable Object> arguments, int index) {
    return text(arguments.get(index));
  }

  private static int number(List<@Nullable Object> arguments, int index) {
    try {
      return (int) Double.parseDouble(text(arguments, index));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static int order(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number a && other instanceof Number b) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    return text(one).compareTo(text(other));
  }

  private static String joined(List<@Nullable Object> values) {
    StringBuilder all = new StringBuilder();
    values.forEach(value -> all.append(text(value)));
    return all.toString();
  }

  private static String replace(String text, String old, String by, int times) {
    if (times < 0) {
      return text.replace(old, by);
    }
    String result = text;
    int at = 0;
    for (int i = 0; i < times && !old.isEmpty(); i++) {
      int found = result.indexOf(old, at);
      if (found < 0) {
        break;
      }
      result = result.substring(0, found) + by + result.substring(found + old.length());
      at = found + by.length();
    }
    return result;
  }

  private static String trim(String text, String cutset, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && cutset.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (right && to > from && cutset.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  private static String trimPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String trimSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static String truncate(int length, String text) {
    if (length >= 0) {
      return text.length() > length ? text.substring(0, length) : text;
    }
    return text.length() > -length ? text.substring(text.length() + length) : text;
  }

  private static String digest(String algorithm, String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String regexReplace(String regex, String text, String by, boolean literal) {
    Pattern pattern;
    try {
      pattern = LinearPatterns.compile(regex);
    } catch (IllegalArgumentException e) {
      return text;
    }
    // Go writes ${1}, RE2/J reads $1.
    String replacement =
        literal ? Matcher.quoteReplacement(by) : by.replaceAll("\\$\\{(\\w+)\\}", "\\$$1");
    try {
      return pattern.matcher(text).replaceAll(replacement);
    } catch (RuntimeException e) {
      return text;
    }
  }
}
