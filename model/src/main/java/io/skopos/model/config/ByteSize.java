// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.config;

/** A number of bytes. Zero means "no limit" or "derived" where a setting says so. */
public record ByteSize(long bytes) {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size of " + bytes + " bytes is negative");
    }
  }

  public static ByteSize ofMebibytes(long mebibytes) {
    return new ByteSize(mebibytes << 20);
  }

  /**
   * Reads {@code 512MiB}, {@code 10GB}, {@code 1.5GiB} or plain bytes; decimal and binary units
   * both.
   */
  public static ByteSize parse(String text) {
    String trimmed = text.trim();
    int unitAt = 0;
    while (unitAt < trimmed.length()
        && (Character.isDigit(trimmed.charAt(unitAt)) || trimmed.charAt(unitAt) == '.')) {
      unitAt++;
    }
    String unit = trimmed.substring(unitAt).trim();
    long factor =
        switch (unit) {
          case "", "B" -> 1L;
          case "kB", "KB" -> 1_000L;
          case "MB" -> 1_000_000L;
          case "GB" -> 1_000_000_000L;
          case "TB" -> 1_000_000_000_000L;
          case "PB" -> 1_000_000_000_000_000L;
          case "KiB" -> 1L << 10;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          case "TiB" -> 1L << 40;
          case "PiB" -> 1L << 50;
          default ->
              throw new IllegalArgumentException(
                  "'" + text + "' is not a size; write for example 512MiB or 10GB");
        };
    try {
      return new ByteSize((long) (Double.parseDouble(trimmed.substring(0, unitAt)) * factor));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write for example 512MiB or 10GB", e);
    }
  }

  @Override
  public String toString() {
    int unit = 0;
    long value = bytes;
    while (unit < UNITS.length - 1 && value != 0 && value % 1024 == 0) {
      value /= 1024;
      unit++;
    }
    return value + UNITS[unit];
  }
}
