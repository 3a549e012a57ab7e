// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import java.util.Random;

/** Lines of many shapes, some of them hostile; bytes as Latin-1. */
public final class TestLines {

  private static final String[] WORDS = {
    "request", "served", "order", "accepted", "cache", "miss", "error", "info", "warn", "payment"
  };

  private TestLines() {}

  public static String random(Random random) {
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> json(random);
      case 3, 4 -> logfmt(random);
      case 5, 6, 7 -> access(random);
      case 8, 9, 10 -> text(random);
      case 11 -> nested(random);
      case 12 -> noise(random);
      case 13 -> cut(random);
      case 14 -> "";
      default -> word(random) + ' ' + number(random);
    };
  }

  private static String word(Random random) {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private static String hex(Random random, int digits) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < digits; i++) {
      out.append(Character.forDigit(random.nextInt(16), 16));
    }
    return out.toString();
  }

  /** Numbers that are easy to get wrong. */
  static String number(Random random) {
    return switch (random.nextInt(14)) {
      case 0 -> "0";
      case 1 -> "-0";
      case 2 -> "00" + random.nextInt(100);
      case 3 -> Long.toString(random.nextLong());
      case 4 -> Long.toString(Long.MIN_VALUE);
      case 5 -> "9223372036854775808";
      case 6 -> random.nextInt(1000) + "." + random.nextInt(1000);
      case 7 -> "-" + random.nextInt(10) + ".50";
      case 8 -> "1e" + random.nextInt(400);
      case 9 -> "12.";
      case 10 -> ".5";
      case 11 -> "+" + random.nextInt(10);
      default -> Integer.toString(random.nextInt(600));
    };
  }

  private static String jsonNumber(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Integer.toString(random.nextInt(600));
      case 1 -> random.nextInt(1000) + "." + random.nextInt(1000);
      case 2 -> "-0.0";
      case 3 -> "1.5E+10";
      default -> Long.toString(random.nextLong());
    };
  }

  private static String timestamp(Random random) {
    String at =
        java.time.Instant.ofEpochMilli(20_000 * 86_400_000L + random.nextInt(100_000_000))
            .toString();
    return switch (random.nextInt(4)) {
      case 0 -> at.replace('T', ' ');
      case 1 -> at.replace("Z", "+02:00");
      case 2 -> "2026-02-31T25:61:61.123Z";
      default -> at;
    };
  }

  private static String json(Random random) {
    StringBuilder out = new StringBuilder("{\"ts\":\"").append(timestamp(random)).append('"');
    out.append(random.nextInt(5) == 0 ? ", " : ",");
    out.append("\"level\":\"").append(word(random)).append("\",\"status\":");
    out.append(random.nextInt(6) == 0 ? "\"" + number(random) + "\"" : jsonNumber(random));
    if (random.nextInt(3) == 0) {
      out.append(",\"optional_").append(random.nextInt(40)).append("\":true");
    }
    if (random.nextInt(4) == 0) {
      out.append(",\"none\":null,\"list\":[1,\"a\",{\"b\":2}]");
    }
    if (random.nextInt(4) == 0) {
      out.append(",\"escaped\":\"a\\\"b\\\\c\\u00e9\\n").append(random.nextInt(9)).append('"');
    }
    if (random.nextInt(6) == 0) {
      out.append(",\"level\":\"again\"");
    }
    return out.append(",\"trace_id\":\"").append(hex(random, 32)).append("\"}").toString();
  }

  private static String nested(Random random) {
    return "{\"a\": {\"b-c\": {\"d\": \""
        + word(random)
        + "\"}, \"e\":"
        + jsonNumber(random)
        + "}, \"a_b_c_d\":\"x\", \"1st\":false, \"\":\"empty\", \"e\":{} }"
        + (random.nextInt(4) == 0 ? "\n" : "");
  }

  private static String logfmt(Random random) {
    return "level="
        + word(random)
        + " ts="
        + timestamp(random).replace(' ', 'T')
        + (random.nextInt(3) == 0 ? "  " : " ")
        + "msg=\""
        + word(random)
        + " \\\""
        + number(random)
        + "\\\"\" took="
        + number(random)
        + "ms id="
        + hex(random, 8)
        + (random.nextInt(5) == 0 ? " flag" : "")
        + (random.nextInt(5) == 0 ? " empty=" : "");
  }

  private static String access(Random random) {
    return "10."
        + random.nextInt(256)
        + "."
        + random.nextInt(300)
        + ".7 - - ["
        + timestamp(random)
        + "] \"GET /api/v1/orders/"
        + random.nextInt(100000)
        + "?q="
        + word(random)
        + " HTTP/1.1\" "
        + (200 + random.nextInt(304))
        + " \"\" \"agent/5.0 ("
        + word(random)
        + ")\" trace="
        + hex(random, 32)
        + (random.nextInt(9) == 0 ? " \"open" : "");
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder(timestamp(random)).append(' ');
    for (int i = random.nextInt(8); i >= 0; i--) {
      out.append(random.nextInt(3) == 0 ? number(random) : word(random));
      out.append(" :=,/-_\n\t".charAt(random.nextInt(9)));
    }
    if (random.nextInt(3) == 0) {
      String uuid = new java.util.UUID(random.nextLong(), random.nextLong()).toString();
      out.append(random.nextBoolean() ? uuid : uuid.toUpperCase(java.util.Locale.ROOT));
    }
    return out.toString();
  }

  private static String noise(Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      out.append((char) random.nextInt(256));
    }
    return out.toString();
  }

  private static String cut(Random random) {
    String whole = random.nextBoolean() ? json(random) : access(random);
    return whole.substring(0, random.nextInt(whole.length()));
  }
}
