// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.Sharding;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.directory.DataDirectory;
import io.skopos.storage.directory.DataDirectoryInUse;
import io.skopos.storage.directory.UnsupportedDataDirectory;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskWriter;
import io.skopos.storage.disk.RealDisk;
import io.skopos.testkit.disk.PowerLost;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {

  private static final Path ROOT = Path.of("/var/lib/skopos");

  private final StorageOnDisk.MutableClock clock = new StorageOnDisk.MutableClock();
  private final DamagedFiles damagedFiles = new DamagedFiles(clock, new PrometheusRegistry());

  @Test
  void whatWasDrawnAtCreationStaysAndTheEpochAscends() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(1);
    Sharding sharding;
    try (DataDirectory directory = open(disk, 16)) {
      assertThat(directory.isNew()).isTrue();
      assertThat(directory.epoch()).isEqualTo(1);
      sharding = directory.sharding();
      assertThat(sharding.shardCount()).isEqualTo(16);
      assertThat(sharding.key0()).isNotEqualTo(sharding.key1());
    }
    try (DataDirectory directory = open(disk, 32)) {
      assertThat(directory.isNew()).isFalse();
      assertThat(directory.epoch()).isEqualTo(2);
      assertThat(directory.sharding()).isEqualTo(sharding);
    }
    disk.crash();
    try (DataDirectory directory = open(disk, 16)) {
      assertThat(directory.epoch()).isEqualTo(3);
      assertThat(directory.sharding()).isEqualTo(sharding);
    }
  }

  @Test
  void aSecondServerIsRefusedAndToldOfTheFirst(@TempDir Path temporary) throws IOException {
    Disk disk = new RealDisk();
    Path root = temporary.resolve("data");
    try (DataDirectory first = DataDirectory.open(disk, root, 4, clock, damagedFiles)) {
      assertThatThrownBy(() -> DataDirectory.open(disk, root, 4, clock, damagedFiles))
          .isInstanceOf(DataDirectoryInUse.class)
          .hasMessageContaining(root.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("since 2026-02-01T12:00:00Z");
      first.listening("127.0.0.1:4900");
      assertThatThrownBy(() -> DataDirectory.open(disk, root, 4, clock, damagedFiles))
          .isInstanceOf(DataDirectoryInUse.class)
          .hasMessageContaining("listening on 127.0.0.1:4900")
          .hasMessageContaining("--data");
    }
    DataDirectory.open(disk, root, 4, clock, damagedFiles).close();
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAsItIs(@TempDir Path temporary) throws IOException {
    Files.writeString(temporary.resolve("thesis.tex"), "important");
    assertThatThrownBy(() -> DataDirectory.open(new RealDisk(), temporary, 4, clock, damagedFiles))
        .isInstanceOf(UnsupportedDataDirectory.class)
        .hasMessageContaining("thesis.tex")
        .hasMessageContaining("--data");
    try (var files = Files.list(temporary)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void anotherFormatIsRefusedInOneSentence() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(1);
    open(disk, 4).close();
    for (String name : List.of("format", "format.copy")) {
      disk.delete(ROOT.resolve(name));
      String line = "skopos data directory format 9\n";
      CRC32C crc = new CRC32C();
      crc.update(line.getBytes(StandardCharsets.UTF_8));
      write(disk, name, line + String.format("crc32c %08x%n", crc.getValue()));
    }
    assertThatThrownBy(() -> open(disk, 4))
        .isInstanceOf(UnsupportedDataDirectory.class)
        .hasMessageContaining("has format 9, this Skopos reads format 1 only")
        .hasMessageContaining(ROOT.toString());
  }

  @Test
  void aFlippedBitInOneOfTheTwinsIsMended() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(1);
    Sharding sharding;
    try (DataDirectory directory = open(disk, 4)) {
      sharding = directory.sharding();
    }
    int epoch = 1;
    for (String name : List.of("format", "sharding", "epoch")) {
      for (String twin : List.of("", ".copy")) {
        Path file = ROOT.resolve(name + twin);
        int length = disk.content(file).length;
        for (int at = 0; at < length; at++) {
          disk.flipBit(file, at * 8L + at % 8);
          int damagedBefore = damagedFiles.list().size();
          try (DataDirectory directory = open(disk, 4)) {
            assertThat(directory.sharding()).isEqualTo(sharding);
            assertThat(directory.epoch()).as("%s byte %s", file, at).isEqualTo(++epoch);
          }
          assertThat(damagedFiles.list().size()).isGreaterThanOrEqualTo(damagedBefore);
        }
      }
    }
    assertThat(damagedFiles.list())
        .hasSize(6)
        .allSatisfy(found -> assertThat(found.kind()).isEqualTo(DamagedFile.Kind.DIRECTORY));
  }

  @Test
  void bothTwinsDamagedIsAnErrorThatSaysWhatToDo() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(1);
    open(disk, 4).close();
    disk.flipBit(ROOT.resolve("epoch"), 8);
    disk.flipBit(ROOT.resolve("epoch.copy"), 8);
    try (DataDirectory directory = open(disk, 4)) {
      assertThat(directory.epoch()).isEqualTo(clock.instant().getEpochSecond());
    }
    disk.flipBit(ROOT.resolve("sharding"), 8);
    disk.flipBit(ROOT.resolve("sharding.copy"), 8);
    assertThatThrownBy(() -> open(disk, 4))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("backup")
        .hasMessageContaining("sharding.copy");
  }

  @Test
  void aCreationOrStartCutShortAnywhereIsTakenUpAgain() throws IOException {
    for (int cut = 0; ; cut++) {
      for (int seed = 0; seed < 8; seed++) {
        SimulatedDisk disk = new SimulatedDisk(seed);
        disk.losePowerAfter(cut);
        long epochSeen = 0;
        try (DataDirectory first = open(disk, 4)) {
          epochSeen = first.epoch();
        } catch (PowerLost e) {
          // the point of it
        }
        boolean finished = disk.changes() < cut;
        disk.crash();
        Sharding sharding;
        try (DataDirectory directory = open(disk, 4)) {
          assertThat(directory.epoch()).as("cut %s seed %s", cut, seed).isGreaterThan(epochSeen);
          sharding = directory.sharding();
        }
        try (DataDirectory directory = open(disk, 4)) {
          assertThat(directory.sharding()).isEqualTo(sharding);
        }
        if (finished) {
          return;
        }
      }
    }
  }

  private DataDirectory open(Disk disk, int shards) throws IOException {
    return DataDirectory.open(disk, ROOT, shards, clock, damagedFiles);
  }

  private static void write(Disk disk, String name, String text) throws IOException {
    try (DiskWriter writer = disk.create(ROOT.resolve(name))) {
      writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      writer.sync();
    }
    disk.syncDirectory(ROOT);
  }
}
