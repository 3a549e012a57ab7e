// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.FormerOwner;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.PartWriter;
import io.skopos.testkit.disk.DiskOperation;
import io.skopos.testkit.disk.Fault;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ManifestStoreTest {

  private static final TenantId TENANT = new TenantId("shop");
  private static final UtcDay DAY = UtcDay.parse("2026-01-31");
  private static final Signal METRICS = Signal.METRICS;

  private final SimulatedDisk disk = new SimulatedDisk(1);

  @Test
  void aSwapIsSeenAtOnceAndByTheNextProcess() throws IOException {
    PartEntry part;
    Manifest swapped;
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      part = writePart(storage, 1, List.of());
      DeletionEntry deletion =
          new DeletionEntry(
              77,
              new Deletion(
                  List.of(
                      Matcher.equal("job", "a\"b"), new Matcher(Matcher.Type.NOT_REGEX, "ü", ".*")),
                  TimeRange.ALL));
      swapped =
          requireNonNull(
              storage.manifests.swap(
                  TENANT,
                  METRICS,
                  DAY,
                  current ->
                      manifest(
                          new long[] {5, -1, Long.MAX_VALUE, 0},
                          List.of(part),
                          List.of(deletion))));
      assertThat(swapped.version()).isEqualTo(1);
      assertThat(swapped.epoch()).isEqualTo(1);
      assertSame(requireNonNull(storage.manifests.get(TENANT, METRICS, DAY)), swapped);
    }
    try (StorageOnDisk storage = new StorageOnDisk(disk, 2)) {
      assertSame(requireNonNull(storage.manifests.get(TENANT, METRICS, DAY)), swapped);
      assertThat(storage.manifests.tenants(METRICS)).containsExactly(TENANT);
      assertThat(storage.manifests.tenants(Signal.LOGS)).isEmpty();
      assertThat(storage.manifests.days(TENANT, METRICS)).containsExactly(DAY);
      assertThat(storage.damagedFiles.list()).isEmpty();
      assertThat(storage.parts.open(TENANT, METRICS, DAY, part).entry()).isEqualTo(part);
      Manifest next = requireNonNull(add(storage, writePart(storage, 2, List.of())));
      assertThat(next.version()).isEqualTo(2);
      assertThat(next.epoch()).isEqualTo(2);
    }
  }

  @Test
  void daysAreFoundByRange() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      for (int day : new int[] {5, -3, 100, 0, 7, 2_932_897}) {
        storage.manifests.swap(
            TENANT, METRICS, new UtcDay(day), current -> manifest(new UtcDay(day)));
      }
      assertThat(days(storage.manifests.overlapping(TENANT, METRICS, 0, 7 * UtcDay.MILLIS)))
          .containsExactly(0, 5, 7);
      assertThat(days(storage.manifests.overlapping(TENANT, METRICS, -1, 7 * UtcDay.MILLIS - 1)))
          .containsExactly(0, 5);
      assertThat(
              days(storage.manifests.overlapping(TENANT, METRICS, Long.MIN_VALUE, Long.MAX_VALUE)))
          .containsExactly(-3, 0, 5, 7, 100, 2_932_897);
      assertThat(storage.manifests.overlapping(new TenantId("x"), METRICS, 0, 1)).isEmpty();
    }
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      assertThat(storage.manifests.days(TENANT, METRICS)).hasSize(6);
    }
  }

  @Test
  void aSwapThatChangesNothingWritesNothing() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      add(storage, writePart(storage, 1, List.of()));
      long changes = disk.changes();
      Manifest same =
          requireNonNull(storage.manifests.swap(TENANT, METRICS, DAY, UnaryOperator.identity()));
      assertThat(same.version()).isEqualTo(1);
      assertThat(storage.manifests.swap(TENANT, METRICS, new UtcDay(1), current -> null)).isNull();
      assertThat(disk.changes()).isEqualTo(changes);
    }
  }

  @Test
  void aFormerOwnerCannotSwap() throws IOException {
    try (StorageOnDisk former = new StorageOnDisk(disk, 1)) {
      add(former, writePart(former, 1, List.of()));
      try (StorageOnDisk owner = new StorageOnDisk(disk, 2)) {
        add(owner, writePart(owner, 2, List.of()));
      }
      assertThatThrownBy(() -> add(former, writePart(former, 3, List.of())))
          .isInstanceOf(FormerOwner.class)
          .hasMessageContaining("epoch 2")
          .hasMessageContaining("epoch 1")
          .hasMessageContaining("2026-01-31");
      assertThat(requireNonNull(former.manifests.get(TENANT, METRICS, DAY)).parts()).hasSize(2);
    }
  }

  @Test
  void twoWhoSwapTheSameDayLoseNothing() throws Exception {
    try (StorageOnDisk first = new StorageOnDisk(disk, 1);
        StorageOnDisk second = new StorageOnDisk(disk, 1)) {
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = new ArrayList<>();
      for (StorageOnDisk storage : List.of(first, first)) {
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    for (int i = 0; i < 20; i++) {
                      add(storage, writePart(storage, i, List.of()));
                    }
                  } catch (IOException | RuntimeException e) {
                    synchronized (failures) {
                      failures.add(e);
                    }
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      Manifest manifest = requireNonNull(first.manifests.get(TENANT, METRICS, DAY));
      assertThat(manifest.parts()).hasSize(40);
      assertThat(manifest.version()).isEqualTo(40);
      Manifest seenBySecond =
          requireNonNull(second.manifests.swap(TENANT, METRICS, DAY, UnaryOperator.identity()));
      assertSame(seenBySecond, manifest);
    }
  }

  @Test
  void replacedObjectsStayForTheLeasesThatMaySeeThem() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      PartEntry first = writePart(storage, 1, List.of());
      PartEntry second = writePart(storage, 2, List.of());
      add(storage, first);
      add(storage, second);
      Manifests.Lease early = storage.manifests.lease();
      PartEntry merged = writePart(storage, 2, List.of(first, second));
      replaceAll(storage, List.of(merged));
      Manifests.Lease late = storage.manifests.lease();
      assertThat(objects(storage)).contains(first.object(), second.object(), merged.object());
      assertThat(storage.manifests.removeReplaced()).isZero();
      early.close();
      assertThat(storage.manifests.removeReplaced()).isEqualTo(2);
      assertThat(objects(storage)).containsExactly(merged.object());
      late.close();
      late.close();
      assertThat(storage.manifests.removeReplaced()).isZero();
    }
  }

  @Test
  void aDroppedDayLeavesNothingNotEvenFolders() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      add(storage, writePart(storage, 1, List.of()));
      add(storage, writePart(storage, 2, List.of()));
      assertThat(storage.manifests.swap(TENANT, METRICS, DAY, current -> null)).isNull();
      assertThat(storage.manifests.get(TENANT, METRICS, DAY)).isNull();
      assertThat(storage.manifests.tenants(METRICS)).isEmpty();
      assertThat(disk.list(StorageOnDisk.ROOT)).containsExactly("~writing");
      assertThat(storage.budget.usedBytes("manifests")).isZero();
    }
  }

  @Test
  void anObjectOfSeveralDaysGoesWithTheLast() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      storage.objects.put("parts/shared/1", new byte[100]);
      UtcDay other = new UtcDay(DAY.number() + 1);
      PartEntry one = new PartEntry("parts/shared/1", 0, 50, 1, 0, 0, 0, 0, 0);
      PartEntry two = new PartEntry("parts/shared/1", 50, 50, 1, 0, 0, 0, 0, 0);
      add(storage, DAY, one);
      add(storage, other, two);
      storage.manifests.swap(TENANT, METRICS, DAY, current -> null);
      assertThat(objects(storage)).containsExactly("parts/shared/1");
      storage.manifests.swap(TENANT, METRICS, other, current -> null);
      assertThat(objects(storage)).isEmpty();
    }
  }

  @Test
  void orphansGoByAge() throws IOException {
    PartEntry named;
    PartEntry orphan;
    StorageOnDisk.MutableClock clock = new StorageOnDisk.MutableClock();
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1, clock)) {
      named = writePart(storage, 1, List.of());
      orphan = writePart(storage, 2, List.of());
      add(storage, named);
      storage.objects.put("parts/shop/metrics/2026-01-31/readme", new byte[1]);
    }
    clock.advanceMillis(3_600_000);
    try (StorageOnDisk storage = new StorageOnDisk(disk, 2, clock)) {
      PartEntry young = writePart(storage, 3, List.of());
      assertThat(storage.manifests.removeOrphans(Duration.ofHours(2))).isZero();
      assertThat(storage.manifests.removeOrphans(Duration.ofMinutes(59))).isEqualTo(1);
      assertThat(objects(storage))
          .contains(named.object(), young.object())
          .doesNotContain(orphan.object())
          .contains("parts/shop/metrics/2026-01-31/readme");
    }
  }

  @Test
  void aDamagedManifestIsPutTogetherAgainFromItsParts() throws IOException {
    PartEntry first;
    PartEntry merged;
    PartEntry later;
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      first = writePart(storage, 1, List.of());
      add(storage, first);
      Manifests.Lease lease = storage.manifests.lease();
      merged = writePart(storage, 1, List.of(first));
      later = writePart(storage, 9, List.of());
      replaceAll(storage, List.of(merged, later));
      assertThat(objects(storage)).contains(first.object());
      lease.close();
    }
    disk.flipBit(manifestPath(), 8 * 40);
    try (StorageOnDisk storage = new StorageOnDisk(disk, 2)) {
      Manifest found = requireNonNull(storage.manifests.get(TENANT, METRICS, DAY));
      assertThat(found.parts()).containsExactly(merged, later);
      assertThat(found.covered()).containsOnly(-1);
      DamagedFile damaged = storage.damagedFiles.list().getFirst();
      assertThat(damaged.kind()).isEqualTo(DamagedFile.Kind.MANIFEST);
      assertThat(damaged.file()).isEqualTo("manifests/shop/metrics/2026-01-31");
      assertThat(damaged.range()).isEqualTo(new TimeRange(DAY.startMs(), DAY.endMs()));
      assertThat(damaged.what()).contains("checksum").contains("kept aside as damaged/manifests/");
      assertThat(storage.objects.list("damaged/", "", 10)).hasSize(1);
      add(storage, writePart(storage, 10, List.of()));
    }
    try (StorageOnDisk storage = new StorageOnDisk(disk, 3)) {
      assertThat(storage.damagedFiles.list()).isEmpty();
      assertThat(requireNonNull(storage.manifests.get(TENANT, METRICS, DAY)).parts()).hasSize(3);
      assertThat(storage.manifests.removeOrphans(Duration.ZERO)).isEqualTo(1);
      assertThat(objects(storage)).doesNotContain(first.object());
    }
  }

  @Test
  void aManifestDamagedWhileRunningIsMendedByTheNextSwap() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      add(storage, writePart(storage, 1, List.of()));
      disk.flipBit(manifestPath(), 3);
      Manifest manifest = requireNonNull(add(storage, writePart(storage, 2, List.of())));
      // The second part was found with the first; adding it again is up to the caller.
      assertThat(manifest.parts().stream().map(PartEntry::maxPosition).distinct())
          .containsExactly(1L, 2L);
      assertThat(storage.damagedFiles.list()).hasSize(1);
    }
  }

  @Test
  void anUnreadableManifestCostsItsDayButNoPart() throws IOException {
    PartEntry part;
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      part = writePart(storage, 1, List.of());
      add(storage, part);
      add(storage, new UtcDay(3), new PartEntry("parts/x/1", 0, 9, 1, 0, 0, 0, 0, 0));
    }
    disk.inject((operation, path, number) ->
        operation == DiskOperation.READ && path.equals(manifestPath())
            ? Fault.Outcome.FAILS
            : Fault.Outcome.WORKS);
    try (StorageOnDisk storage = new StorageOnDisk(disk, 2)) {
      assertThat(storage.manifests.get(TENANT, METRICS, DAY)).isNull();
      assertThat(storage.manifests.days(TENANT, METRICS)).containsExactly(new UtcDay(3));
      assertThat(storage.damagedFiles.list())
          .singleElement()
          .satisfies(
              damaged -> assertThat(damaged.what()).contains("cannot be read", "Input/output"));
      storage.clock.advanceMillis(100_000);
      assertThat(storage.manifests.removeOrphans(Duration.ZERO)).isZero();
      assertThatThrownBy(() -> add(storage, part)).isInstanceOf(IOException.class);
      disk.injectNothing();
      assertThat(requireNonNull(storage.manifests.swap(TENANT, METRICS, DAY, c -> c)).parts())
          .containsExactly(part);
      assertThat(storage.manifests.get(TENANT, METRICS, DAY)).isNotNull();
    }
  }

  @Test
  void aSwapThatFailedLeavesMemoryAsTheDiskIs() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      PartEntry first = writePart(storage, 1, List.of());
      add(storage, first);
      for (DiskOperation failing :
          List.of(
              DiskOperation.CREATE,
              DiskOperation.WRITE,
              DiskOperation.SYNC,
              DiskOperation.RENAME,
              DiskOperation.SYNC_DIRECTORY)) {
        int before = parts(storage);
        PartEntry part = writePart(storage, 2, List.of());
        disk.inject((operation, path, number) ->
            operation == failing ? Fault.Outcome.IS_FULL : Fault.Outcome.WORKS);
        assertThatThrownBy(() -> add(storage, part))
            .as(failing.name())
            .isInstanceOf(IOException.class)
            .hasMessageContaining("2026-01-31");
        disk.injectNothing();
        assertThat(parts(storage)).as(failing.name()).isEqualTo(before);
        // Without a sync the new one is there all the same; the next swap makes sure of it.
        storage.manifests.swap(TENANT, METRICS, DAY, current -> current);
        assertThat(parts(storage))
            .as(failing.name())
            .isEqualTo(failing == DiskOperation.SYNC_DIRECTORY ? before + 1 : before);
      }
    }
  }

  @Test
  void tenThousandIdleTenantsFit() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      // Thirty days of one merged part each are what the promise of 10 kB is about.
      for (int i = 0; i < 30; i++) {
        UtcDay day = new UtcDay(DAY.number() + i);
        add(storage, day, writePart(storage, day, 1_000_000_000L + i, List.of()));
      }
      assertThat(storage.budget.usedBytes("manifests")).isLessThan(10_000);
    }
  }

  private static int parts(StorageOnDisk storage) {
    return requireNonNull(storage.manifests.get(TENANT, METRICS, DAY)).parts().size();
  }

  private static Path manifestPath() {
    return StorageOnDisk.ROOT.resolve("manifests/shop/metrics/2026-01-31");
  }

  private static @Nullable Manifest add(StorageOnDisk storage, PartEntry part) throws IOException {
    return add(storage, DAY, part);
  }

  private static @Nullable Manifest add(StorageOnDisk storage, UtcDay day, PartEntry part)
      throws IOException {
    return storage.manifests.swap(
        TENANT,
        METRICS,
        day,
        current -> {
          Manifest base = current == null ? manifest(day) : current;
          List<PartEntry> parts = new ArrayList<>(base.parts());
          parts.add(part);
          return new Manifest(TENANT, METRICS, day, 0, 0, base.covered(), parts, base.deletions());
        });
  }

  private static void replaceAll(StorageOnDisk storage, List<PartEntry> parts) throws IOException {
    storage.manifests.swap(
        TENANT,
        METRICS,
        DAY,
        current -> manifest(new long[StorageOnDisk.SHARDS], parts, List.of()));
  }

  private static Manifest manifest(UtcDay day) {
    long[] covered = new long[StorageOnDisk.SHARDS];
    Arrays.fill(covered, -1);
    return new Manifest(TENANT, METRICS, day, 0, 0, covered, List.of(), List.of());
  }

  private static Manifest manifest(
      long[] covered, List<PartEntry> parts, List<DeletionEntry> deletions) {
    return new Manifest(TENANT, METRICS, DAY, 0, 0, covered, parts, deletions);
  }

  private static PartEntry writePart(StorageOnDisk storage, long position, List<PartEntry> replaces)
      throws IOException {
    return writePart(storage, DAY, position, replaces);
  }

  private static PartEntry writePart(
      StorageOnDisk storage, UtcDay day, long position, List<PartEntry> replaces)
      throws IOException {
    try (PartWriter writer = storage.parts.create(TENANT, METRICS, day, replaces)) {
      byte[] page = ("page of " + position).getBytes(StandardCharsets.UTF_8);
      writer.page(page, 0, page.length, PartWriter.Codec.COMPRESSED);
      return writer.finish(
          new byte[0],
          new PartWriter.Summary(
              10, day.startMs(), day.endMs(), position, position, replaces.isEmpty() ? 0 : 1));
    }
  }

  private static List<String> objects(StorageOnDisk storage) throws IOException {
    return storage.objects.list("parts/", "", 1_000).stream().map(object -> object.key()).toList();
  }

  private static List<Integer> days(List<Manifest> manifests) {
    return manifests.stream().map(manifest -> manifest.day().number()).toList();
  }

  private static void assertSame(Manifest actual, Manifest expected) {
    assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
  }
}
