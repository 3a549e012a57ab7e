// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/** Says every few seconds how far a transfer is. Thread-safe. */
public final class TransferLog {

  private static final long INTERVAL_NANOS = 2_000_000_000L;

  private final Consumer<String> out;
  private final long begin = System.nanoTime();
  private String what = "";
  private long files;
  private long allFiles;
  private long bytes;
  private long allBytes;
  private long told = begin;

  /**
   * @param out takes lines for a person
   */
  public TransferLog(Consumer<String> out) {
    this.out = out;
  }

  /** One that writes lines there at once. */
  public static TransferLog to(PrintWriter writer) {
    return new TransferLog(line -> {
      writer.println(line);
      writer.flush();
    });
  }

  /**
   * Begins anew.
   *
   * @param doing what, as "copied"
   */
  public synchronized void begin(String doing, long fileCount, long byteCount) {
    what = doing;
    files = 0;
    bytes = 0;
    allFiles = fileCount;
    allBytes = byteCount;
  }

  /** Counts further files and bytes. */
  public synchronized void done(long fileCount, long byteCount) {
    files += fileCount;
    bytes += byteCount;
    long now = System.nanoTime();
    if (now - told >= INTERVAL_NANOS) {
      told = now;
      out.accept(
          what
              + " "
              + files
              + " of "
              + allFiles
              + " files, "
              + size(bytes)
              + " of "
              + size(allBytes)
              + ", "
              + size((long) (bytes / ((now - begin) / 1e9)))
              + "/s");
    }
  }

  void say(String line) {
    out.accept(line);
  }

  /** Bytes as people read them. */
  public static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
