// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only the real disk can do or get wrong; the rest is its contract's kit. */
final class RealDiskTest {

  @TempDir Path directory;
  private final RealDisk disk = new RealDisk();

  @Test
  void anInterruptedReaderDisturbsNoOtherReader() throws Exception {
    Path file = directory.resolve("f");
    Files.writeString(file, "0123456789");
    try (DiskReader reader = disk.open(file)) {
      Thread interrupted =
          Thread.ofPlatform()
              .start(() -> {
                Thread.currentThread().interrupt();
                try {
                  reader.readFully(0, ByteBuffer.allocate(4));
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      interrupted.join();
      ByteBuffer into = ByteBuffer.allocate(4);
      reader.readFully(6, into);
      assertThat(new String(into.array(), StandardCharsets.UTF_8)).isEqualTo("6789");
    }
  }

  @Test
  void readsIntoSharedNativeMemory() throws Exception {
    Path file = directory.resolve("f");
    Files.writeString(file, "0123456789");
    try (DiskReader reader = disk.open(file);
        Arena arena = Arena.ofShared()) {
      MemorySegment segment = arena.allocate(4);
      reader.readFully(3, segment.asByteBuffer());
      assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(new byte[] {'3', '4', '5', '6'});
    }
  }

  @Test
  void aDiskWithoutRoomIsNamedSo() throws Exception {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
    try (DiskWriter writer =
        new RealDiskWriter(
            full,
            java.nio.channels.FileChannel.open(full, java.nio.file.StandardOpenOption.WRITE),
            0)) {
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(4096)))
          .isInstanceOf(DiskFull.class)
          .hasMessageContaining("/dev/full")
          .hasMessageContaining("No space left");
    }
  }

  @Test
  void freeSpaceIsKnownBelowADirectoryStillToBeCreated() throws Exception {
    assertThat(disk.usableBytes(directory.resolve("not/yet/there"))).isPositive();
  }
}
