// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.shard;

import io.skopos.storage.Frame;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the payload of a frame that could not be applied as {@code
 * unapplied-<shard>-<position>.<signal>} beside damaged files: the log will be released, the rows
 * must not be gone. Thread-safe.
 */
public final class UnappliedFrames implements ApplyFailures {

  private static final Logger LOG = LoggerFactory.getLogger(UnappliedFrames.class);

  /** A store that fails on every frame must not fill the disk. */
  private static final int MOST_FILES = 1_000;

  private final Disk disk;
  private final Path directory;
  private final BiConsumer<Path, Frame> onKept;

  /**
   * @param onKept told about each frame kept aside, or that should have been
   */
  public UnappliedFrames(Disk disk, Path directory, BiConsumer<Path, Frame> onKept) {
    this.disk = disk;
    this.directory = directory;
    this.onKept = onKept;
  }

  @Override
  public void notApplied(Frame frame, long position, Throwable cause) {
    Path file =
        directory.resolve(
            "unapplied-" + frame.shard() + "-" + position + "." + frame.signal().key());
    LOG.error(
        "frame {} of shard {} ({} rows of {}, tenant {}, {} to {}) is durable but cannot be"
            + " applied; kept as {}",
        position,
        frame.shard(),
        frame.rows(),
        frame.signal().key(),
        frame.tenant(),
        frame.minTimeMs(),
        frame.maxTimeMs(),
        file,
        cause);
    try {
      keep(file, frame);
    } catch (IOException e) {
      LOG.error("cannot keep {}", file, e);
    }
    onKept.accept(file, frame);
  }

  private synchronized void keep(Path file, Frame frame) throws IOException {
    if (disk.exists(file)) {
      return; // It failed in an earlier replay too.
    }
    long kept = disk.list(directory).stream().filter(name -> name.startsWith("unapplied-")).count();
    if (kept >= MOST_FILES) {
      throw new IOException(kept + " such files are there already, no more are kept");
    }
    try (DiskWriter writer = disk.create(file)) {
      writer.write(ByteBuffer.wrap(frame.payload(), 0, frame.payloadLength()));
      writer.sync();
    }
    disk.syncDirectory(directory);
  }
}
