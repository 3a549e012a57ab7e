// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What others see of the files: made once a second by the collector's thread, read by any. */
final class FileProgress {

  private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(1);

  private long lastNs = Long.MIN_VALUE;
  private volatile List<FileStatus> files = List.of();
  private volatile List<FileStatus.LeftOut> leftOut = List.of();
  private volatile long behindBytes;

  void publish(Collection<FollowedFile> followed, Collection<FileStatus.LeftOut> newLeftOut) {
    long now = System.nanoTime();
    if (lastNs != Long.MIN_VALUE && now - lastNs < EVERY_NS) {
      return;
    }
    lastNs = now;
    List<FileStatus> all = new ArrayList<>(followed.size());
    long behind = 0;
    for (FollowedFile file : followed) {
      long stored = file.stored().offset();
      long size = file.job.packed() == null ? Math.max(file.lastSize, file.offset) : -1;
      behind += file.state == FollowedFile.State.DONE ? 0 : Math.max(0, size - stored);
      all.add(
          new FileStatus(
              file.job.job(),
              file.path.toString(),
              file.state.name().toLowerCase(Locale.ROOT),
              stored,
              size,
              file.job.labels(),
              file.problem));
    }
    behindBytes = behind;
    files = List.copyOf(all);
    leftOut = List.copyOf(newLeftOut);
  }

  List<FileStatus> files() {
    return files;
  }

  List<FileStatus.LeftOut> leftOut() {
    return leftOut;
  }

  long behindBytes() {
    return behindBytes;
  }
}
