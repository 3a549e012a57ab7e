// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of metrics as Prometheus writes those of OpenTelemetry (OpenTelemetry's specification,
 * compatibility with Prometheus and OpenMetrics).
 */
final class MetricNaming {

  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("d", "days"),
          Map.entry("h", "hours"),
          Map.entry("min", "minutes"),
          Map.entry("s", "seconds"),
          Map.entry("ms", "milliseconds"),
          Map.entry("us", "microseconds"),
          Map.entry("ns", "nanoseconds"),
          Map.entry("By", "bytes"),
          Map.entry("KiBy", "kibibytes"),
          Map.entry("MiBy", "mebibytes"),
          Map.entry("GiBy", "gibibytes"),
          Map.entry("TiBy", "tibibytes"),
          Map.entry("KBy", "kilobytes"),
          Map.entry("MBy", "megabytes"),
          Map.entry("GBy", "gigabytes"),
          Map.entry("TBy", "terabytes"),
          Map.entry("m", "meters"),
          Map.entry("V", "volts"),
          Map.entry("A", "amperes"),
          Map.entry("J", "joules"),
          Map.entry("W", "watts"),
          Map.entry("g", "grams"),
          Map.entry("Cel", "celsius"),
          Map.entry("Hz", "hertz"),
          Map.entry("1", ""),
          Map.entry("%", "percent"));

  private static final Map<String, String> PER_UNITS =
      Map.of(
          "s", "second", "m", "minute", "h", "hour", "d", "day", "w", "week", "mo", "month", "y",
          "year");

  private final TranslationStrategy strategy;

  /** What a name's suffix depends on. */
  enum Kind {
    COUNTER,
    GAUGE,
    OTHER
  }

  MetricNaming(TranslationStrategy strategy) {
    this.strategy = strategy;
  }

  /** The metric's name; null when nothing of it is left. */
  @Nullable String translate(String name, String unit, Kind kind) {
    String translated;
    if (!strategy.escaping()) {
      translated = strategy.suffixes() ? withSuffixes(name, unit, kind) : name;
    } else if (strategy.suffixes()) {
      translated = normalized(name, unit, kind);
    } else {
      translated = notFirstADigit(String.join("_", tokens(name, true)));
    }
    if (translated.isEmpty() || (!translated.equals(name) && onlyUnderscores(translated))) {
      return null;
    }
    return translated;
  }

  /** The unit as metadata shows it: {@code seconds}, {@code bytes_per_second}. */
  static String unitWord(String unit) {
    String main = main(unit);
    String per = per(unit);
    return per.isEmpty() ? main : main.isEmpty() ? per : main + "_" + per;
  }

  private static String normalized(String name, String unit, Kind kind) {
    List<String> tokens = tokens(name, false);
    String main = cleaned(main(unit));
    String per = cleaned(per(unit));
    if (tokens.contains(main)) {
      main = "";
    }
    if (per.equals("per_")) {
      per = "";
    } else {
      per = withoutUnderscoreBehind(per);
      if (tokens.contains(per)) {
        per = "";
      }
    }
    if (!per.isEmpty()) {
      main = withoutUnderscoreBehind(main);
    }
    if (!main.isEmpty()) {
      tokens.add(main);
    }
    if (!per.isEmpty()) {
      tokens.add(per);
    }
    if (kind == Kind.COUNTER) {
      tokens.removeIf("total"::equals);
      tokens.add("total");
    }
    if (kind == Kind.GAUGE && unit.equals("1")) {
      tokens.removeIf("ratio"::equals);
      tokens.add("ratio");
    }
    return notFirstADigit(String.join("_", tokens));
  }

  /** Suffixes are moved behind each other: unit, per unit, then total or ratio. */
  private static String withSuffixes(String name, String unit, Kind kind) {
    String last =
        kind == Kind.COUNTER ? "total" : kind == Kind.GAUGE && unit.equals("1") ? "ratio" : "";
    String per = per(unit);
    String main = main(unit);
    String base = last.isEmpty() ? name : without(name, last);
    base = per.isEmpty() ? base : without(base, per);
    if (!main.isEmpty() && !base.endsWith(main)) {
      base = base + "_" + main;
    }
    base = per.isEmpty() ? base : base + "_" + per;
    return last.isEmpty() ? base : base + "_" + last;
  }

  /** Without the suffix and the delimiter before it, whatever that is. */
  private static String without(String name, String suffix) {
    return name.endsWith(suffix) && name.length() > suffix.length() + 1
        ? name.substring(0, name.length() - suffix.length() - 1)
        : name;
  }

  private static String main(String unit) {
    int slash = unit.indexOf('/');
    String main = (slash < 0 ? unit : unit.substring(0, slash)).strip();
    return isAnnotation(main) ? "" : UNITS.getOrDefault(main, main);
  }

  private static String per(String unit) {
    int slash = unit.indexOf('/');
    String per = slash < 0 ? "" : unit.substring(slash + 1).strip();
    if (per.isEmpty() || isAnnotation(per)) {
      return "";
    }
    return "per_" + PER_UNITS.getOrDefault(per, per);
  }

  /** {@code {request}} says what is counted; it is no unit. */
  private static boolean isAnnotation(String unit) {
    return unit.indexOf('{') >= 0 || unit.indexOf('}') >= 0;
  }

  private static String cleaned(String unit) {
    StringBuilder text = new StringBuilder(unit.length());
    for (int i = 0; i < unit.length(); i++) {
      char c = isNameChar(unit.charAt(i)) ? unit.charAt(i) : '_';
      if (c != '_' || text.isEmpty() || text.charAt(text.length() - 1) != '_') {
        text.append(c);
      }
    }
    return !text.isEmpty() && text.charAt(0) == '_' ? text.substring(1) : text.toString();
  }

  private static List<String> tokens(String name, boolean withUnderscores) {
    List<String> tokens = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= name.length(); i++) {
      if (i == name.length()
          || !(isNameChar(name.charAt(i)) || (withUnderscores && name.charAt(i) == '_'))) {
        if (i > from) {
          tokens.add(name.substring(from, i));
        }
        from = i + 1;
      }
    }
    return tokens;
  }

  private static boolean isNameChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':';
  }

  private static String withoutUnderscoreBehind(String text) {
    return text.endsWith("_") ? text.substring(0, text.length() - 1) : text;
  }

  private static String notFirstADigit(String name) {
    return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9' ? "_" + name : name;
  }

  private static boolean onlyUnderscores(String name) {
    return name.chars().allMatch(c -> c == '_');
  }
}
