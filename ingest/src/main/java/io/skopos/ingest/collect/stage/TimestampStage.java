// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code timestamp}: an entry's time is what was taken from it. */
final class TimestampStage implements Stage {

  private interface Reader {
    long read(String text, long nowNs);
  }

  private static final Map<String, Integer> UNIX =
      Map.of("Unix", 9, "UnixMs", 6, "UnixUs", 3, "UnixNs", 0);

  private final String source;
  private final List<Reader> readers;
  private final boolean fudge;
  private final InstantSource clock;
  private long lastNs = Long.MIN_VALUE;

  private TimestampStage(String source, List<Reader> readers, boolean fudge, InstantSource clock) {
    this.source = source;
    this.readers = readers;
    this.fudge = fudge;
    this.clock = clock;
  }

  static Stage.Factory parse(YamlMapping yaml, InstantSource clock) throws ConfigException {
    String source = yaml.requiredText("source");
    ZoneId zone = yaml.read("location", TimestampStage::zone, ZoneOffset.UTC);
    List<Reader> readers = new ArrayList<>();
    readers.add(reader(yaml, yaml.requiredText("format"), zone));
    for (String format : yaml.texts("fallback_formats")) {
      readers.add(reader(yaml, format, zone));
    }
    String action = yaml.text("action_on_failure", "fudge");
    if (!action.equals("fudge") && !action.equals("skip")) {
      throw yaml.error("action_on_failure '" + action + "' is neither fudge nor skip");
    }
    List<Reader> all = List.copyOf(readers);
    return () -> new TimestampStage(source, all, action.equals("fudge"), clock);
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + name + "' is no time zone", e);
    }
  }

  private static Reader reader(YamlMapping yaml, String format, ZoneId zone)
      throws ConfigException {
    Integer digits = UNIX.get(format);
    if (digits != null) {
      return (text, _) -> unix(text, digits);
    }
    GoTimeLayout layout = GoTimeLayout.of(format, zone);
    if (!layout.hasParts()) {
      throw yaml.error(
          "format '"
              + format
              + "' has nothing of a time in it; write it as Go does, with the example time"
              + " 2006-01-02 15:04:05, or RFC3339, Unix, UnixMs, UnixUs, UnixNs");
    }
    return layout::parse;
  }

  private static long unix(String text, int digits) {
    try {
      return new BigDecimal(text.strip()).movePointRight(digits).toBigInteger().longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too large for a time", e);
    }
  }

  @Override
  public void process(Entry entry, Next next) {
    Long time = time(entry.text(source));
    if (time != null) {
      entry.timeNs = time;
      lastNs = time;
    } else if (fudge && lastNs != Long.MIN_VALUE) {
      entry.timeNs = ++lastNs;
    }
    next.accept(entry);
  }

  private @Nullable Long time(@Nullable String text) {
    if (text == null || text.length() > 100) {
      return null;
    }
    long nowNs = clock.millis() * 1_000_000L;
    for (Reader reader : readers) {
      try {
        return reader.read(text, nowNs);
      } catch (IllegalArgumentException e) {
        // The next format may fit.
      }
    }
    return null;
  }
}
