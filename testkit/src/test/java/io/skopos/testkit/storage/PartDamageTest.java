// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.disk.DiskWriter;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Flips, cuts and swaps bytes of parts and manifests: found, named, and never believed. */
final class PartDamageTest {

  private static final TenantId TENANT = new TenantId("shop");
  private static final UtcDay DAY = UtcDay.parse("2026-01-31");
  private static final int HEADER = 24;

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final List<PageRef> refs = new ArrayList<>();
  private final List<byte[]> pages = new ArrayList<>();

  @Test
  void everyFlippedByteIsFoundAndNamed() throws IOException {
    PartEntry entry = write();
    Path file = StorageOnDisk.ROOT.resolve(entry.object());
    for (int at = 0; at < entry.length(); at++) {
      int bit = at % 8;
      disk.flipBit(file, at * 8L + bit);
      try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
        int damaged = readAll(storage, entry);
        if (at < HEADER) {
          // Nobody reads the header; it is for people and for finding parts in a heap of bytes.
          assertThat(damaged).as("byte %s", at).isZero();
        } else {
          assertThat(damaged).as("byte %s", at).isPositive();
          DamagedFile found = storage.damagedFiles.list().getFirst();
          assertThat(found.file()).isEqualTo(entry.object());
          assertThat(found.range()).isEqualTo(new TimeRange(DAY.startMs(), DAY.endMs()));
          assertThat(found.bytes()).isBetween(1L, entry.length());
        }
        // A page's damage is its own: the others are read.
        assertThat(damaged == 0 || damaged == 1 || damaged == pages.size()).isTrue();
      }
      disk.flipBit(file, at * 8L + bit);
    }
  }

  @Test
  void everyCutIsFound() throws IOException {
    PartEntry entry = write();
    Path file = StorageOnDisk.ROOT.resolve(entry.object());
    for (long length = entry.length() - 1; length >= 0; length -= 1 + length / 50) {
      disk.append(file, length).close();
      try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
        assertThat(readAll(storage, entry)).as("length %s", length).isEqualTo(pages.size());
        assertThat(storage.damagedFiles.list().getFirst().file()).isEqualTo(entry.object());
      }
    }
  }

  @Test
  void aPageOfAnotherPlaceOrPartIsNotBelieved() throws IOException {
    byte[] content = "the same length".getBytes(StandardCharsets.UTF_8);
    List<PageRef> first = new ArrayList<>();
    PartEntry one = write(content, first);
    PartEntry two = write(content, new ArrayList<>());
    byte[] oneBytes = disk.content(StorageOnDisk.ROOT.resolve(one.object()));
    byte[] twoBytes = disk.content(StorageOnDisk.ROOT.resolve(two.object()));
    int stored = first.getFirst().storedLength();
    // The second page over the first of the same part; then the other part's first page.
    System.arraycopy(oneBytes, HEADER + stored, oneBytes, HEADER, stored);
    overwrite(one, oneBytes);
    assertFirstPageIsDamaged(one, first.getFirst());
    System.arraycopy(twoBytes, HEADER, oneBytes, HEADER, stored);
    overwrite(one, oneBytes);
    assertFirstPageIsDamaged(one, first.getFirst());
  }

  @Test
  void rubbishIsNoPart() throws IOException {
    PartEntry entry = write();
    for (int seed = 0; seed < 200; seed++) {
      byte[] rubbish = new byte[(int) entry.length()];
      SplittableRandom random = new SplittableRandom(seed);
      random.nextBytes(rubbish);
      if (seed % 2 == 0) {
        // Keep a whole tail before rubbish that claims to be a footer.
        byte[] whole = disk.content(StorageOnDisk.ROOT.resolve(entry.object()));
        System.arraycopy(whole, whole.length - 28, rubbish, rubbish.length - 28, 28);
      }
      overwrite(entry, rubbish);
      try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
        assertThatThrownBy(() -> storage.parts.open(TENANT, Signal.METRICS, DAY, entry))
            .as("seed %s", seed)
            .isInstanceOf(DamagedPart.class)
            .hasMessageContaining(entry.object());
      }
    }
  }

  @Test
  void everyFlippedByteOfAManifestIsRecoveredFrom() throws IOException {
    PartEntry entry = write();
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      storage.manifests.swap(
          TENANT,
          Signal.METRICS,
          DAY,
          current ->
              new Manifest(
                  TENANT,
                  Signal.METRICS,
                  DAY,
                  0,
                  0,
                  new long[StorageOnDisk.SHARDS],
                  List.of(entry),
                  List.of()));
    }
    Path file = StorageOnDisk.ROOT.resolve("manifests/shop/metrics/2026-01-31");
    int length = disk.content(file).length;
    StorageOnDisk.MutableClock clock = new StorageOnDisk.MutableClock();
    for (int at = 0; at < length; at++) {
      clock.advanceMillis(1);
      disk.flipBit(file, at * 8L + at % 8);
      try (StorageOnDisk storage = new StorageOnDisk(disk, 1, clock)) {
        Manifest found =
            requireNonNull(storage.manifests.get(TENANT, Signal.METRICS, DAY), "byte " + at);
        assertThat(found.parts()).containsExactly(entry);
        assertThat(storage.damagedFiles.list()).hasSize(1);
        assertThat(storage.objects.list("damaged/", "", 1_000)).hasSize(at + 1);
        length = Math.min(length, disk.content(file).length);
      }
    }
  }

  @Test
  void aDamagedPartDoesNotKeepItsDayFromBeingPutTogether() throws IOException {
    PartEntry broken = write();
    PartEntry whole = write();
    disk.flipBit(StorageOnDisk.ROOT.resolve(broken.object()), (broken.length() - 40) * 8);
    try (DiskWriter writer = manifestFile()) {
      writer.write(ByteBuffer.wrap("no manifest".getBytes(StandardCharsets.UTF_8)));
      writer.sync();
    }
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      Manifest found = requireNonNull(storage.manifests.get(TENANT, Signal.METRICS, DAY));
      assertThat(found.parts()).containsExactly(whole);
      assertThat(storage.damagedFiles.list())
          .extracting(DamagedFile::kind)
          .containsExactlyInAnyOrder(DamagedFile.Kind.PART, DamagedFile.Kind.MANIFEST);
    }
  }

  private DiskWriter manifestFile() throws IOException {
    disk.createDirectories(StorageOnDisk.ROOT.resolve("manifests/shop/metrics"));
    return disk.create(StorageOnDisk.ROOT.resolve("manifests/shop/metrics/2026-01-31"));
  }

  /** How many pages could not be read; all when the part cannot even be opened. */
  private int readAll(StorageOnDisk storage, PartEntry entry) throws IOException {
    PartReader reader;
    try {
      reader = storage.parts.open(TENANT, Signal.METRICS, DAY, entry);
    } catch (DamagedPart e) {
      assertThat(e).hasMessageContaining(entry.object());
      return pages.size();
    }
    assertThat(reader.footer()).isEqualTo("footer".getBytes(StandardCharsets.UTF_8));
    int damaged = 0;
    for (int i = 0; i < refs.size(); i++) {
      try (Page page = reader.page(refs.get(i))) {
        assertThat(page.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(pages.get(i));
      } catch (DamagedPart e) {
        assertThat(e)
            .hasMessageContaining(entry.object())
            .hasMessageContaining("at " + refs.get(i).offset());
        damaged++;
      }
    }
    return damaged;
  }

  private PartEntry write() throws IOException {
    refs.clear();
    pages.clear();
    SplittableRandom random = new SplittableRandom(3);
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1);
        PartWriter writer = storage.parts.create(TENANT, Signal.METRICS, DAY)) {
      for (int i = 0; i < 4; i++) {
        byte[] page = new byte[20 + random.nextInt(100)];
        if (i % 2 == 0) {
          random.nextBytes(page);
        } else {
          Arrays.fill(page, (byte) i);
        }
        pages.add(page);
        refs.add(writer.page(page, 0, page.length, PartWriter.Codec.COMPRESSED));
      }
      return finish(writer);
    }
  }

  private PartEntry write(byte[] content, List<PageRef> contentRefs) throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1);
        PartWriter writer = storage.parts.create(TENANT, Signal.METRICS, DAY)) {
      for (int i = 0; i < 2; i++) {
        contentRefs.add(writer.page(content, 0, content.length, PartWriter.Codec.RAW));
      }
      return finish(writer);
    }
  }

  private static PartEntry finish(PartWriter writer) throws IOException {
    return writer.finish(
        "footer".getBytes(StandardCharsets.UTF_8),
        new PartWriter.Summary(1, DAY.startMs(), DAY.endMs(), 1, 1, 0));
  }

  private void overwrite(PartEntry entry, byte[] bytes) throws IOException {
    try (DiskWriter writer = disk.append(StorageOnDisk.ROOT.resolve(entry.object()), 0)) {
      writer.write(ByteBuffer.wrap(bytes));
    }
  }

  private void assertFirstPageIsDamaged(PartEntry entry, PageRef ref) throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      PartReader reader = storage.parts.open(TENANT, Signal.METRICS, DAY, entry);
      assertThatThrownBy(() -> reader.page(ref).close())
          .isInstanceOf(DamagedPart.class)
          .hasMessageContaining("checksum");
    }
  }
}
