// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import static io.skopos.logs.language.pipeline.template.TemplateFunction.add;

import io.skopos.logs.language.pipeline.text.GoNumber;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions on times. */
final class TimeFunctions {

  private TimeFunctions() {}

  static void addTo(Map<String, TemplateFunction> to) {
    add(to, "now", 0, _ -> now());
    add(to, "date", 2, a -> GoTimeLayout.format(a.text(0), time(a.get(1))));
    add(to, "toDate", 2, a -> parse(a.text(0), a.text(1), ZoneOffset.UTC));
    add(to, "toDateInZone", 3, a -> parse(a.text(0), a.text(2), zone(a.text(1))));
    add(to, "unixEpoch", 1, a -> Long.toString(a.time(0).seconds()));
    add(to, "unixEpochMillis", 1, a -> Long.toString(a.time(0).time().toInstant().toEpochMilli()));
    add(to, "unixEpochNanos", 1, a -> Long.toString(a.time(0).nanos()));
    add(to, "unixToTime", 1, a -> unixToTime(a.text(0)));
  }

  private static GoTime now() {
    Instant now = Instant.now();
    return new GoTime(now.atZone(ZoneOffset.UTC));
  }

  private static GoTime time(@Nullable Object value) {
    return switch (value) {
      case GoTime time -> time;
      case Long seconds -> GoTime.ofSeconds(seconds);
      case null, default -> now();
    };
  }

  private static ZoneId zone(String name) {
    try {
      return name.isEmpty() || name.equals("Local") ? ZoneOffset.UTC : ZoneId.of(name);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  private static GoTime parse(String layout, String text, ZoneId zone) {
    GoTime time = GoTimeLayout.parse(layout, text, zone);
    return time == null ? GoTime.ZERO : time;
  }

  private static GoTime unixToTime(String text) {
    if (!(GoValues.number(text) instanceof Long number)
        || GoNumber.isInvalid(GoNumber.parse(text))) {
      throw new TemplateFailed(
          "unable to parse time '"
              + text
              + "': strconv.ParseInt: parsing \""
              + text
              + "\": invalid syntax");
    }
    return switch (text.length()) {
      case 5 -> GoTime.ofSeconds(number * 86_400);
      case 10 -> GoTime.ofSeconds(number);
      case 13 -> GoTime.ofNanos(number * 1_000_000);
      case 16 -> GoTime.ofNanos(number * 1_000);
      case 19 -> GoTime.ofNanos(number);
      default -> throw new TemplateFailed("unable to parse time '" + text + "': %!w(<nil>)");
    };
  }

  /** A method of a time, as in {@code (__timestamp__).Unix}. */
  static Object method(GoTime time, String name, TemplateFunction.Arguments arguments) {
    return switch (name) {
      case "Format" -> GoTimeLayout.format(arguments.text(0), time);
      case "Unix" -> time.seconds();
      case "UnixMilli" -> time.time().toInstant().toEpochMilli();
      case "UnixMicro" -> Math.floorDiv(time.nanos(), 1_000L);
      case "UnixNano" -> time.nanos();
      case "Year" -> (long) time.time().getYear();
      case "Month" -> GoTimeLayout.format("January", time);
      case "Day" -> (long) time.time().getDayOfMonth();
      case "Weekday" -> GoTimeLayout.format("Monday", time);
      case "YearDay" -> (long) time.time().getDayOfYear();
      case "Hour" -> (long) time.time().getHour();
      case "Minute" -> (long) time.time().getMinute();
      case "Second" -> (long) time.time().getSecond();
      case "Nanosecond" -> (long) time.time().getNano();
      case "UTC" -> time.in(ZoneOffset.UTC);
      case "Local" -> time.in(ZoneOffset.UTC);
      case "String" -> time.toString();
      case "IsZero" -> time.equals(GoTime.ZERO);
      default -> throw new TemplateFailed("can't evaluate field " + name + " in type time.Time");
    };
  }
}
