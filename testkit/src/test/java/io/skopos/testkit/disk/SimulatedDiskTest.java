// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.storage.disk.DiskFull;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a simulated disk forgets, and what it never does. */
final class SimulatedDiskTest {

  private static final Path ROOT = Path.of("/r");

  @Test
  void syncedBytesSurviveAndOthersMayBeGoneTornOrKept() throws IOException {
    Set<Long> lengths = new HashSet<>();
    boolean torn = false;
    for (int seed = 0; seed < 200; seed++) {
      SimulatedDisk disk = diskWithRoot(seed);
      Path file = ROOT.resolve("f");
      try (DiskWriter writer = disk.create(file)) {
        writer.write(ByteBuffer.wrap(ones(1000)));
        writer.sync();
        writer.write(ByteBuffer.wrap(ones(2000)));
      }
      disk.syncDirectory(ROOT);
      disk.crash();
      byte[] content = disk.content(file);
      lengths.add((long) content.length);
      for (int i = 0; i < content.length; i++) {
        torn |= content[i] != 1;
        assertThat(i >= 1000 || content[i] == 1).as("seed %s, byte %s", seed, i).isTrue();
      }
    }
    assertThat(lengths).contains(1000L, 3000L).hasSizeGreaterThan(10);
    assertThat(torn).isTrue();
  }

  @Test
  void anEntryIsSureOnlyAfterItsDirectoryWasSynced() throws IOException {
    int survivedUnsynced = 0;
    for (int seed = 0; seed < 50; seed++) {
      SimulatedDisk disk = diskWithRoot(seed);
      disk.create(ROOT.resolve("synced")).close();
      disk.syncDirectory(ROOT);
      disk.create(ROOT.resolve("unsynced")).close();
      disk.crash();
      assertThat(disk.exists(ROOT.resolve("synced"))).isTrue();
      survivedUnsynced += disk.exists(ROOT.resolve("unsynced")) ? 1 : 0;
    }
    assertThat(survivedUnsynced).isBetween(5, 45);
  }

  @Test
  void anUnsyncedRenameLeavesTheOldOrTheNew() throws IOException {
    Set<Integer> seen = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      SimulatedDisk disk = diskWithRoot(seed);
      write(disk, "target", 10);
      write(disk, "temporary", 20);
      disk.syncDirectory(ROOT);
      disk.rename(ROOT.resolve("temporary"), ROOT.resolve("target"));
      disk.crash();
      int length = disk.content(ROOT.resolve("target")).length;
      seen.add(length);
      assertThat(disk.exists(ROOT.resolve("temporary"))).isEqualTo(length == 10);
    }
    assertThat(seen).containsExactlyInAnyOrder(10, 20);
  }

  @Test
  void aLostDirectoryTakesItsFilesAlong() throws IOException {
    int lost = 0;
    for (int seed = 0; seed < 20; seed++) {
      SimulatedDisk disk = diskWithRoot(seed);
      disk.createDirectories(ROOT.resolve("d"));
      disk.create(ROOT.resolve("d/f")).close();
      disk.syncDirectory(ROOT.resolve("d"));
      disk.crash();
      lost += disk.exists(ROOT.resolve("d/f")) ? 0 : 1;
    }
    assertThat(lost).isBetween(1, 19);
  }

  @Test
  void anUnsyncedCutMayComeUndone() throws IOException {
    Set<Integer> seen = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      SimulatedDisk disk = diskWithRoot(seed);
      write(disk, "f", 100);
      disk.syncDirectory(ROOT);
      disk.append(ROOT.resolve("f"), 40).close();
      disk.crash();
      seen.add(disk.content(ROOT.resolve("f")).length);
    }
    assertThat(seen).containsExactlyInAnyOrder(40, 100);
  }

  @Test
  void powerIsLostAtTheChosenOperation() throws IOException {
    SimulatedDisk disk = diskWithRoot(1);
    write(disk, "before", 5);
    disk.syncDirectory(ROOT);
    disk.losePowerAfter(1);
    DiskWriter writer = disk.create(ROOT.resolve("f"));
    assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(ones(10)))).isInstanceOf(PowerLost.class);
    assertThatThrownBy(() -> disk.list(ROOT)).isInstanceOf(PowerLost.class);
    disk.crash();
    assertThat(disk.exists(ROOT.resolve("before"))).isTrue();
    assertThatThrownBy(() -> writer.write(ByteBuffer.wrap(ones(1))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aFullDiskTakesWhatFitsAtMost() throws IOException {
    SimulatedDisk disk = diskWithRoot(1);
    disk.limitCapacity(100);
    write(disk, "f", 90);
    assertThat(disk.usableBytes(ROOT)).isEqualTo(10);
    assertThatThrownBy(() -> write(disk, "g", 11)).isInstanceOf(DiskFull.class);
    assertThat(disk.size(ROOT.resolve("g"))).isLessThanOrEqualTo(10);
  }

  @Test
  void faultsHitTheChosenOperation() throws IOException {
    SimulatedDisk disk = diskWithRoot(1);
    write(disk, "f", 10);
    disk.inject((operation, path, number) ->
        operation == DiskOperation.READ ? Fault.Outcome.FAILS : Fault.Outcome.WORKS);
    try (DiskReader reader = disk.open(ROOT.resolve("f"))) {
      assertThatThrownBy(() -> reader.readFully(0, ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Input/output error")
          .hasMessageContaining("/r/f");
      disk.injectNothing();
      reader.readFully(0, ByteBuffer.allocate(1));
    }
  }

  @Test
  void aFlippedBitIsRead() throws IOException {
    SimulatedDisk disk = diskWithRoot(1);
    write(disk, "f", 10);
    disk.flipBit(ROOT.resolve("f"), 8 * 3 + 7);
    assertThat(disk.content(ROOT.resolve("f"))[3]).isEqualTo((byte) 0x81);
  }

  private static SimulatedDisk diskWithRoot(long seed) throws IOException {
    SimulatedDisk disk = new SimulatedDisk(seed);
    disk.createDirectories(ROOT);
    disk.syncDirectory(Path.of("/"));
    return disk;
  }

  private static void write(SimulatedDisk disk, String name, int length) throws IOException {
    try (DiskWriter writer = disk.create(ROOT.resolve(name))) {
      writer.write(ByteBuffer.wrap(ones(length)));
      writer.sync();
    }
  }

  private static byte[] ones(int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) 1);
    return bytes;
  }
}
