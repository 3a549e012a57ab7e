// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Space of the mounted file systems. A mount that does not answer (a dead network file system) is
 * reported with {@code node_filesystem_device_error} and holds up nothing: it keeps one thread
 * until it answers, and is not asked again before.
 */
final class FilesystemCollector implements HostCollector, AutoCloseable {

  private static final Pattern IGNORED_MOUNTS =
      Pattern.compile(
          "/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)(/.*)?");

  private static final Pattern IGNORED_TYPES =
      Pattern.compile(
          "autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660"
              + "|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs"
              + "|sysfs|tracefs");

  private static final long PATIENCE_MS = 5_000;

  private record Mount(String device, String point, String type, boolean readOnly) {}

  private final KernelFiles files;
  private final Map<String, Future<StatVfs>> stuck = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("host-filesystem-", 0).factory());

  FilesystemCollector(KernelFiles files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "filesystem";
  }

  @Override
  public void collect(HostSamples out) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    for (Mount mount : mounts()) {
      String[] labels = {
        "device", mount.device(), "mountpoint", mount.point(), "fstype", mount.type()
      };
      StatVfs space = space(mount, deadline);
      out.gauge(
          "node_filesystem_readonly",
          "Filesystem read-only status.",
          mount.readOnly() ? 1 : 0,
          labels);
      out.gauge(
          "node_filesystem_device_error",
          "Whether an error occurred while getting statistics for the given device.",
          space == null ? 1 : 0,
          labels);
      if (space == null) {
        continue;
      }
      double block = space.blockBytes();
      out.gauge(
          "node_filesystem_size_bytes",
          "Filesystem size in bytes.",
          space.blocks() * block,
          labels);
      out.gauge(
          "node_filesystem_free_bytes",
          "Filesystem free space in bytes.",
          space.free() * block,
          labels);
      out.gauge(
          "node_filesystem_avail_bytes",
          "Filesystem space available to non-root users in bytes.",
          space.available() * block,
          labels);
      out.gauge(
          "node_filesystem_files", "Filesystem total file nodes.", (double) space.files(), labels);
      out.gauge(
          "node_filesystem_files_free",
          "Filesystem total free file nodes.",
          (double) space.filesFree(),
          labels);
    }
  }

  private @Nullable StatVfs space(Mount mount, long deadline) {
    Future<StatVfs> answer = stuck.get(mount.point());
    if (answer == null) {
      String path = files.root().resolve(mount.point().substring(1)).toString();
      answer = threads.submit(() -> StatVfs.of(path));
    } else if (!answer.isDone()) {
      return null;
    }
    stuck.remove(mount.point());
    try {
      return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      stuck.put(mount.point(), answer);
      return null;
    } catch (ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private List<Mount> mounts() throws IOException {
    // The first process sees the host's mounts even when we run in a container with the host's
    // /proc.
    Path first = files.proc().resolve("1/mounts");
    Path table = Files.isReadable(first) ? first : files.proc().resolve("mounts");
    List<Mount> mounts = new ArrayList<>();
    for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
      String[] fields = KernelFiles.fields(line);
      if (fields.length < 4) {
        continue;
      }
      String point = unescape(fields[1]);
      if (!IGNORED_MOUNTS.matches(point) && !IGNORED_TYPES.matches(fields[2])) {
        boolean readOnly = Arrays.asList(fields[3].split(",")).contains("ro");
        mounts.add(new Mount(unescape(fields[0]), point, fields[2], readOnly));
      }
    }
    return mounts;
  }

  /** Blanks stand there as octal escapes; bytes are UTF-8. */
  private static String unescape(String field) {
    String plain =
        field
            .replace("\\040", " ")
            .replace("\\011", "\t")
            .replace("\\012", "\n")
            .replace("\\134", "\\");
    return new String(plain.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
