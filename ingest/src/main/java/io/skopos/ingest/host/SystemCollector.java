// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Load, open files, pressure, names, clock, entropy and connection tracking. */
final class SystemCollector {

  private final KernelFiles files;
  private final InstantSource clock;

  SystemCollector(KernelFiles files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
  }

  /** Each a collector of its own, so that what one cannot read does not cost the others. */
  List<HostCollector> parts() {
    return List.of(
        new Part("loadavg", this::load),
        new Part("filefd", this::openFiles),
        new Part("pressure", this::pressure),
        new Part("uname", this::uname),
        new Part("os", this::operatingSystem),
        new Part("time", this::time),
        new Part("entropy", this::entropy));
  }

  private interface Reading {
    void into(HostSamples out) throws IOException;
  }

  private record Part(String name, Reading reading) implements HostCollector {
    @Override
    public void collect(HostSamples out) throws IOException {
      reading.into(out);
    }
  }

  private void load(HostSamples out) throws IOException {
    String[] load = KernelFiles.fields(files.procText("loadavg"));
    out.gauge("node_load1", "1m load average.", Double.parseDouble(load[0]));
    out.gauge("node_load5", "5m load average.", Double.parseDouble(load[1]));
    out.gauge("node_load15", "15m load average.", Double.parseDouble(load[2]));
  }

  private void openFiles(HostSamples out) throws IOException {
    String[] open = KernelFiles.fields(files.procText("sys/fs/file-nr"));
    out.gauge(
        "node_filefd_allocated",
        "File descriptor statistics: allocated.",
        Double.parseDouble(open[0]));
    out.gauge(
        "node_filefd_maximum", "File descriptor statistics: maximum.", Double.parseDouble(open[2]));
  }

  private void entropy(HostSamples out) {
    optional(
        out,
        "sys/kernel/random/entropy_avail",
        "node_entropy_available_bits",
        "Bits of available entropy.");
    optional(
        out, "sys/kernel/random/poolsize", "node_entropy_pool_size_bits", "Bits of entropy pool.");
    optional(
        out,
        "sys/net/netfilter/nf_conntrack_count",
        "node_nf_conntrack_entries",
        "Number of currently allocated flow entries for connection tracking.");
    optional(
        out,
        "sys/net/netfilter/nf_conntrack_max",
        "node_nf_conntrack_entries_limit",
        "Maximum size of connection tracking table.");
  }

  private void optional(HostSamples out, String file, String name, String help) {
    String text = KernelFiles.textOrNull(files.proc().resolve(file));
    if (text != null) {
      out.gauge(name, help, Double.parseDouble(text));
    }
  }

  /** Pressure stall information; kernels may be built or booted without it. */
  private void pressure(HostSamples out) {
    pressure(
        out,
        "cpu",
        "some",
        "cpu_waiting",
        "Total time in seconds that processes have waited for CPU time");
    pressure(
        out,
        "io",
        "some",
        "io_waiting",
        "Total time in seconds that processes have waited due to IO congestion");
    pressure(
        out,
        "io",
        "full",
        "io_stalled",
        "Total time in seconds no process could make progress due to IO congestion");
    pressure(
        out,
        "memory",
        "some",
        "memory_waiting",
        "Total time in seconds that processes have waited for memory");
    pressure(
        out,
        "memory",
        "full",
        "memory_stalled",
        "Total time in seconds no process could make progress due to memory congestion");
  }

  private void pressure(HostSamples out, String file, String kind, String name, String help) {
    String text = KernelFiles.textOrNull(files.proc().resolve("pressure").resolve(file));
    if (text == null) {
      return;
    }
    for (String line : text.lines().toList()) {
      int total = line.indexOf("total=");
      if (line.startsWith(kind) && total > 0) {
        double microseconds = Double.parseDouble(line.substring(total + "total=".length()).strip());
        out.counter("node_pressure_" + name + "_seconds_total", help, microseconds / 1e6);
      }
    }
  }

  private void uname(HostSamples out) throws IOException {
    String machine = KernelFiles.textOrNull(files.proc().resolve("sys/kernel/arch"));
    out.gauge(
        "node_uname_info",
        "Labeled system information as provided by the uname system call.",
        1,
        "sysname",
        files.procText("sys/kernel/ostype"),
        "release",
        files.procText("sys/kernel/osrelease"),
        "version",
        files.procText("sys/kernel/version"),
        "machine",
        machine == null ? machineOfJava() : machine,
        "nodename",
        files.procText("sys/kernel/hostname"),
        "domainname",
        files.procText("sys/kernel/domainname"));
  }

  /** Kernels before 6.1 do not say it in a file. */
  private static String machineOfJava() {
    String architecture = System.getProperty("os.arch", "");
    return architecture.equals("amd64") ? "x86_64" : architecture;
  }

  private void operatingSystem(HostSamples out) {
    Map<String, String> release = release();
    if (release.isEmpty()) {
      return;
    }
    String[] keys = {
      "build_id",
      "id",
      "id_like",
      "image_id",
      "image_version",
      "name",
      "pretty_name",
      "variant",
      "variant_id",
      "version",
      "version_codename",
      "version_id",
    };
    String[] labels = new String[keys.length * 2];
    for (int i = 0; i < keys.length; i++) {
      labels[2 * i] = keys[i];
      labels[2 * i + 1] = release.getOrDefault(keys[i].toUpperCase(Locale.ROOT), "");
    }
    out.gauge(
        "node_os_info",
        "A metric with a constant '1' value labeled by build_id, id, id_like, image_id,"
            + " image_version, name, pretty_name, variant, variant_id, version, version_codename,"
            + " version_id.",
        1,
        labels);
  }

  private Map<String, String> release() {
    Map<String, String> release = new HashMap<>();
    for (String name : new String[] {"etc/os-release", "usr/lib/os-release"}) {
      Path file = files.root().resolve(name);
      if (!release.isEmpty() || !Files.isReadable(file)) {
        continue;
      }
      try {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          int equals = line.indexOf('=');
          if (equals > 0 && !line.startsWith("#")) {
            release.put(line.substring(0, equals), unquoted(line.substring(equals + 1).strip()));
          }
        }
      } catch (IOException e) {
        return Map.of();
      }
    }
    return release;
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private void time(HostSamples out) {
    out.gauge(
        "node_time_seconds", "System time in seconds since epoch (1970).", clock.millis() / 1000.0);
    ZoneId zone = ZoneId.systemDefault();
    out.gauge(
        "node_time_zone_offset_seconds",
        "System time zone offset in seconds.",
        zone.getRules().getOffset(clock.instant()).getTotalSeconds(),
        "time_zone",
        zone.getDisplayName(TextStyle.SHORT, Locale.ROOT));
    Path sources = files.sys().resolve("devices/system/clocksource/clocksource0");
    String help = " read from '/sys/devices/system/clocksource'.";
    clockSources(
        out,
        KernelFiles.textOrNull(sources.resolve("available_clocksource")),
        "node_time_clocksource_available_info",
        "Available clocksources" + help);
    clockSources(
        out,
        KernelFiles.textOrNull(sources.resolve("current_clocksource")),
        "node_time_clocksource_current_info",
        "Current clocksource" + help);
  }

  private static void clockSources(
      HostSamples out, @Nullable String names, String metric, String help) {
    if (names != null && !names.isEmpty()) {
      for (String source : KernelFiles.fields(names)) {
        out.gauge(metric, help, 1, "device", "0", "clocksource", source);
      }
    }
  }
}
