// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** {@code /proc/diskstats}; the kernel counts sectors of 512 bytes and milliseconds. */
final class DiskCollector implements HostCollector {

  private static final Pattern IGNORED =
      Pattern.compile("(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+");

  private static final int SECTOR_BYTES = 512;

  private enum Unit {
    COUNT,
    SECTORS,
    MILLISECONDS,
    NOW
  }

  private record Column(String name, String help, Unit unit) {}

  private static final Column[] COLUMNS = {
    column("reads_completed_total", "The total number of reads completed successfully."),
    column("reads_merged_total", "The total number of reads merged."),
    new Column("read_bytes_total", "The total number of bytes read successfully.", Unit.SECTORS),
    milliseconds("read_time_seconds_total", "The total number of seconds spent by all reads."),
    column("writes_completed_total", "The total number of writes completed successfully."),
    column("writes_merged_total", "The number of writes merged."),
    new Column(
        "written_bytes_total", "The total number of bytes written successfully.", Unit.SECTORS),
    milliseconds(
        "write_time_seconds_total", "This is the total number of seconds spent by all writes."),
    new Column("io_now", "The number of I/Os currently in progress.", Unit.NOW),
    milliseconds("io_time_seconds_total", "Total seconds spent doing I/Os."),
    milliseconds("io_time_weighted_seconds_total", "The weighted # of seconds spent doing I/Os."),
    column("discards_completed_total", "The total number of discards completed successfully."),
    column("discards_merged_total", "The total number of discards merged."),
    column("discarded_sectors_total", "The total number of sectors discarded successfully."),
    milliseconds(
        "discard_time_seconds_total", "This is the total number of seconds spent by all discards."),
    column("flush_requests_total", "The total number of flush requests completed successfully"),
    milliseconds(
        "flush_requests_time_seconds_total",
        "This is the total number of seconds spent by all flush requests."),
  };

  private final KernelFiles files;

  DiskCollector(KernelFiles files) {
    this.files = files;
  }

  private static Column column(String name, String help) {
    return new Column(name, help, Unit.COUNT);
  }

  private static Column milliseconds(String name, String help) {
    return new Column(name, help, Unit.MILLISECONDS);
  }

  @Override
  public String name() {
    return "diskstats";
  }

  @Override
  public void collect(HostSamples out) throws IOException {
    for (String line : files.procLines("diskstats")) {
      String[] fields = KernelFiles.fields(line);
      if (fields.length < 14 || IGNORED.matches(fields[2])) {
        continue;
      }
      String device = fields[2];
      info(out, fields[0], fields[1], device);
      for (int i = 0; i < COLUMNS.length && i + 3 < fields.length; i++) {
        double value = Double.parseDouble(fields[i + 3]);
        String name = "node_disk_" + COLUMNS[i].name();
        String help = COLUMNS[i].help();
        switch (COLUMNS[i].unit()) {
          case COUNT -> out.counter(name, help, value, "device", device);
          case SECTORS -> out.counter(name, help, value * SECTOR_BYTES, "device", device);
          case MILLISECONDS -> out.counter(name, help, value / 1000, "device", device);
          case NOW -> out.gauge(name, help, value, "device", device);
        }
      }
    }
  }

  private void info(HostSamples out, String major, String minor, String device) {
    Map<String, String> udev = udev(major, minor);
    out.gauge(
        "node_disk_info",
        "Info of /sys/block/<block_device>.",
        1,
        "device",
        device,
        "major",
        major,
        "minor",
        minor,
        "path",
        udev.getOrDefault("ID_PATH", ""),
        "wwn",
        udev.getOrDefault("ID_WWN", ""),
        "model",
        udev.getOrDefault("ID_MODEL", ""),
        "serial",
        udev.getOrDefault("ID_SERIAL_SHORT", ""),
        "revision",
        udev.getOrDefault("ID_REVISION", ""));
  }

  /** What udev knows of the device; empty where there is no udev, as in most containers. */
  private Map<String, String> udev(String major, String minor) {
    Path file = files.root().resolve("run/udev/data/b" + major + ":" + minor);
    Map<String, String> properties = new HashMap<>();
    if (Files.isReadable(file)) {
      try {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          int equals = line.indexOf('=');
          if (line.startsWith("E:") && equals > 0) {
            properties.put(line.substring(2, equals), line.substring(equals + 1));
          }
        }
      } catch (IOException e) {
        return Map.of();
      }
    }
    return properties;
  }
}
