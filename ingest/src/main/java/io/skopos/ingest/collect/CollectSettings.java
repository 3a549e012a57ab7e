// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect;

import io.skopos.ingest.collect.tail.TailSettings;
import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import java.time.Duration;
import java.util.List;

/** Settings of collecting logs, beside the jobs in {@code collect.scrape_configs}. */
public record CollectSettings(
    @Setting(
            doc = "Collect logs: what jobs say, or the host's log files where there are none.",
            defaultValue = "true")
        boolean enabled,
    @Setting(
            doc =
                "Configuration files of Promtail; their scrape_configs are jobs like those in"
                    + " collect.scrape_configs, and their other sections do nothing.",
            defaultValue = "[]")
        List<String> promtailFiles,
    @Setting(
            doc =
                "Follow this host's log files (text files below host_logs_path, pods, Docker"
                    + " containers) when there is no job.",
            defaultValue = "true")
        boolean hostLogs,
    @Setting(doc = "Where the host's log files are.", defaultValue = "/var/log")
        String hostLogsPath,
    @Setting(
            doc =
                "Of the host's log files, those are left out that nobody has written to for so"
                    + " long.",
            defaultValue = "7d")
        Duration hostLogsMaxAge,
    @Setting(
            doc = "How often all files and directories are looked at, whatever the system tells.",
            defaultValue = "10s")
        Duration pollInterval,
    @Setting(
            doc = "Files followed at once; further ones are shown as left out.",
            defaultValue = "10000")
        int maxFiles,
    @Setting(
            doc = "Of those, files kept open; beyond, files at rest are closed.",
            defaultValue = "1000")
        int maxOpenFiles,
    @Setting(doc = "Longest line of a file, at most 16MiB.", defaultValue = "256KiB")
        ByteSize maxLineBytes,
    @Setting(
            doc = "What becomes of longer lines: split into entries, or only their beginning kept.",
            defaultValue = "split")
        LongLines longLines,
    @Setting(
            doc =
                "Entries of files that may wait in memory for the store; beyond, files are not"
                    + " read until it has room.",
            defaultValue = "16MiB")
        ByteSize maxBytesInFlight) {

  /** Who has a renamed or removed file open may write to it still. */
  private static final long LEAVING_MS = 3000;

  private static final long LARGEST_LINE = 16L << 20;

  /** What becomes of lines that are too long. */
  public enum LongLines {
    SPLIT,
    TRUNCATE
  }

  public CollectSettings {
    promtailFiles = List.copyOf(promtailFiles);
    if (pollInterval.toMillis() < 100) {
      throw new IllegalArgumentException("collect.poll_interval must be at least 100ms");
    }
    if (maxFiles < 1 || maxOpenFiles < 1) {
      throw new IllegalArgumentException(
          "collect.max_files and collect.max_open_files must be at least 1");
    }
    if (maxLineBytes.bytes() < 1024 || maxLineBytes.bytes() > LARGEST_LINE) {
      throw new IllegalArgumentException("collect.max_line_bytes must be from 1KiB to 16MiB");
    }
    if (maxBytesInFlight.bytes() < 1 << 20) {
      throw new IllegalArgumentException("collect.max_bytes_in_flight must be at least 1MiB");
    }
  }

  public static CollectSettings defaults() {
    return new CollectSettings(
        true,
        List.of(),
        true,
        "/var/log",
        Duration.ofDays(7),
        Duration.ofSeconds(10),
        10_000,
        1000,
        new ByteSize(256 << 10),
        LongLines.SPLIT,
        ByteSize.ofMebibytes(16));
  }

  TailSettings tail() {
    return new TailSettings(
        pollInterval.toMillis(),
        LEAVING_MS,
        maxFiles,
        maxOpenFiles,
        Math.toIntExact(maxLineBytes.bytes()),
        longLines == LongLines.TRUNCATE,
        maxBytesInFlight.bytes());
  }
}
