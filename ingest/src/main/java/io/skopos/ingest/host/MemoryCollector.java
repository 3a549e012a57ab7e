// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import java.io.IOException;

/** {@code /proc/meminfo} whole, and the paging counters of {@code /proc/vmstat}. */
final class MemoryCollector implements HostCollector {

  private final KernelFiles files;

  MemoryCollector(KernelFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "meminfo";
  }

  @Override
  public void collect(HostSamples out) throws IOException {
    for (String line : files.procLines("meminfo")) {
      String[] fields = KernelFiles.fields(line);
      if (fields.length < 2) {
        continue;
      }
      boolean kilobytes = fields.length > 2 && fields[2].equals("kB");
      String field = fields[0].replace(":", "").replace("(", "_").replace(")", "");
      field = kilobytes ? field + "_bytes" : field;
      out.gauge(
          "node_memory_" + field,
          "Memory information field " + field + ".",
          Double.parseDouble(fields[1]) * (kilobytes ? 1024 : 1));
    }
    for (String line : files.procLines("vmstat")) {
      String[] fields = KernelFiles.fields(line);
      if (isWanted(fields[0])) {
        out.untyped(
            "node_vmstat_" + fields[0],
            "/proc/vmstat information field " + fields[0] + ".",
            Double.parseDouble(fields[1]));
      }
    }
  }

  private static boolean isWanted(String field) {
    return field.startsWith("oom_kill")
        || field.startsWith("pgpg")
        || field.startsWith("pswp")
        || (field.startsWith("pg") && field.contains("fault"));
  }
}
