// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import java.io.IOException;

/** {@code /proc/stat}: time of each CPU by mode, interrupts, context switches, forks, processes. */
final class StatCollector implements HostCollector {

  /** The kernel counts in hundredths of a second for user space on every platform we run on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final String[] MODES = {
    "user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"
  };

  private final KernelFiles files;

  StatCollector(KernelFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "stat";
  }

  @Override
  public void collect(HostSamples out) throws IOException {
    for (String line : files.procLines("stat")) {
      String[] fields = KernelFiles.fields(line);
      switch (fields[0]) {
        case "intr" ->
            out.counter("node_intr_total", "Total number of interrupts serviced.", number(fields));
        case "ctxt" ->
            out.counter(
                "node_context_switches_total", "Total number of context switches.", number(fields));
        case "processes" ->
            out.counter("node_forks_total", "Total number of forks.", number(fields));
        case "btime" ->
            out.gauge("node_boot_time_seconds", "Node boot time, in unixtime.", number(fields));
        case "procs_running" ->
            out.gauge(
                "node_procs_running", "Number of processes in runnable state.", number(fields));
        case "procs_blocked" ->
            out.gauge(
                "node_procs_blocked",
                "Number of processes blocked waiting for I/O to complete.",
                number(fields));
        default -> {
          if (fields[0].startsWith("cpu") && fields[0].length() > 3) {
            cpu(out, fields);
          }
        }
      }
    }
  }

  private static double number(String[] fields) {
    return Double.parseDouble(fields[1]);
  }

  private static void cpu(HostSamples out, String[] fields) {
    String cpu = fields[0].substring(3);
    for (int i = 0; i < MODES.length && i + 1 < fields.length; i++) {
      out.counter(
          "node_cpu_seconds_total",
          "Seconds the CPUs spent in each mode.",
          seconds(fields[i + 1]),
          "cpu",
          cpu,
          "mode",
          MODES[i]);
    }
    String[] guestModes = {"user", "nice"};
    for (int i = 0; i < guestModes.length && i + 9 < fields.length; i++) {
      out.counter(
          "node_cpu_guest_seconds_total",
          "Seconds the CPUs spent in guests (VMs) for each mode.",
          seconds(fields[i + 9]),
          "cpu",
          cpu,
          "mode",
          guestModes[i]);
    }
  }

  private static double seconds(String ticks) {
    return Double.parseDouble(ticks) / TICKS_PER_SECOND;
  }
}
