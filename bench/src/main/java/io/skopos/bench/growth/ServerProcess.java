// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.bench.growth;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What the system says about a running server; Linux only. */
final class ServerProcess {

  private static final double TICKS_PER_SECOND = 100;

  private final Path proc;
  private final Path data;

  ServerProcess(long pid, Path data) {
    this.proc = Path.of("/proc", Long.toString(pid));
    this.data = data;
  }

  /** User and system time since its start. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** A figure of {@code /proc/PID/status} in MiB, such as VmRSS or VmHWM. */
  double mebibytes(String name) throws IOException {
    for (String line : Files.readAllLines(proc.resolve("status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D+", "")) / 1024.0;
      }
    }
    throw new IOException(proc + "/status has no " + name);
  }

  /** Of the files of its data directory. */
  long diskBytes() throws IOException {
    long[] sum = {0};
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sum[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sum[0];
  }
}
