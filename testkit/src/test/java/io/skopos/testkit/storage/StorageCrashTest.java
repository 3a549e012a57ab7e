// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import io.skopos.testkit.disk.Fault;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Parts and manifests through many lives, each ended by a loss of power or a kill at a random
 * moment, with a disk that sometimes fails or is full. A model knows for each day what it may look
 * like: exactly what was acknowledged, plus what was under way when something went wrong.
 */
final class StorageCrashTest {

  /** More by hand: {@code -Dskopos.test.argLine=-Dskopos.crash.runs=4000}. */
  private static final int RUNS = Integer.getInteger("skopos.crash.runs", 300);

  private static final int LIVES = 6;
  private static final TenantId TENANT = new TenantId("shop");

  @Test
  void nothingAcknowledgedIsLostOrComesBack() throws IOException {
    for (long seed = 0; seed < RUNS; seed++) {
      Run run = new Run(seed);
      try {
        run.live();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ":\n" + String.join("\n", run.trace), e);
      }
    }
  }

  private static final class Run {

    private final SplittableRandom random;
    private final SimulatedDisk disk;
    private final StorageOnDisk.MutableClock clock = new StorageOnDisk.MutableClock();

    /** What each day may be found to be after the next start. */
    private final Map<UtcDay, Set<List<PartEntry>>> possible = new HashMap<>();

    /** What was done, for who has to find out why. */
    private final List<String> trace = new ArrayList<>();

    private long epoch;
    private long position;

    Run(long seed) {
      random = new SplittableRandom(seed);
      disk = new SimulatedDisk(random.nextLong());
    }

    void live() throws IOException {
      for (int life = 0; life < LIVES; life++) {
        if (random.nextInt(3) > 0) {
          disk.losePowerAfter(random.nextInt(200));
        }
        try (StorageOnDisk storage = new StorageOnDisk(disk, ++epoch, clock)) {
          begin(storage);
          int steps = 5 + random.nextInt(20);
          for (int step = 0; step < steps; step++) {
            step(storage);
          }
        } catch (IOException e) {
          assertThat(e).hasStackTraceContaining("no power");
        }
        if (random.nextInt(3) == 0) {
          trace.add("kill");
          disk.kill();
        } else {
          trace.add("crash");
          disk.crash();
        }
      }
      try (StorageOnDisk storage = new StorageOnDisk(disk, ++epoch, clock)) {
        begin(storage);
        storage.manifests.removeOrphans(Duration.ZERO);
        assertThat(storage.objects.list("parts/", "", 10_000).stream().map(o -> o.key()).toList())
            .isEqualTo(List.copyOf(named(storage)));
      }
    }

    private void begin(StorageOnDisk storage) throws IOException {
      clock.advanceMillis(1);
      for (int number = 0; number < 4; number++) {
        UtcDay day = new UtcDay(number);
        List<PartEntry> found = parts(storage, day);
        assertThat(possible(day)).contains(found);
        verify(storage, day, found);
        possible.put(day, new HashSet<>(Set.of(found)));
      }
      assertThat(storage.damagedFiles.list()).isEmpty();
      if (random.nextInt(3) == 0) {
        storage.manifests.removeOrphans(Duration.ZERO);
      }
    }

    private void step(StorageOnDisk storage) throws IOException {
      UtcDay day = new UtcDay(random.nextInt(4));
      List<PartEntry> before = parts(storage, day);
      assertThat(possible(day)).contains(before);
      boolean faulty = random.nextInt(4) == 0;
      if (faulty) {
        disk.inject(randomFaults());
      }
      List<PartEntry> after = before;
      try {
        int choice = random.nextInt(6);
        trace.add("step " + choice + " on " + day + ", " + before.size() + " parts");
        switch (choice) {
          case 0, 1, 2 -> {
            after = new ArrayList<>(before);
            after.add(write(storage, day, List.of()));
            swap(storage, day, after);
          }
          case 3 -> {
            if (before.size() < 2) {
              return; // what a failure has left in doubt stays in doubt
            } else {
              after = List.of(write(storage, day, before));
              swap(storage, day, after);
            }
          }
          case 4 -> {
            after = List.of();
            storage.manifests.swap(TENANT, Signal.METRICS, day, current -> null);
          }
          default -> {
            try (Manifests.Lease lease = storage.manifests.lease()) {
              disk.injectNothing();
              verify(storage, day, parts(storage, day));
              requireNonNull(lease);
            }
            return;
          }
        }
        possible.put(day, new HashSet<>(Set.of(List.copyOf(after))));
      } catch (IOException e) {
        trace.add("  failed: " + e);
        possible(day).add(List.copyOf(after));
        if (e.toString().contains("no power") || hasPowerLost(e)) {
          throw e;
        }
        assertThat(faulty).as("%s", e).isTrue();
      } finally {
        disk.injectNothing();
      }
    }

    private static boolean hasPowerLost(Throwable error) {
      for (Throwable at = error; at != null; at = at.getCause()) {
        if (String.valueOf(at.getMessage()).contains("no power")) {
          return true;
        }
      }
      return false;
    }

    private Fault randomFaults() {
      SplittableRandom faults = random.split();
      return (operation, path, number) ->
          switch (faults.nextInt(12)) {
            case 0 -> Fault.Outcome.FAILS;
            case 1 -> Fault.Outcome.IS_FULL;
            default -> Fault.Outcome.WORKS;
          };
    }

    private Set<List<PartEntry>> possible(UtcDay day) {
      return possible.computeIfAbsent(day, key -> new HashSet<>(Set.of(List.of())));
    }

    private static List<PartEntry> parts(StorageOnDisk storage, UtcDay day) {
      Manifest manifest = storage.manifests.get(TENANT, Signal.METRICS, day);
      return manifest == null ? List.of() : manifest.parts();
    }

    private static Set<String> named(StorageOnDisk storage) {
      Set<String> named = new TreeSet<>();
      for (UtcDay day : storage.manifests.days(TENANT, Signal.METRICS)) {
        parts(storage, day).forEach(part -> named.add(part.object()));
      }
      return named;
    }

    private PartEntry write(StorageOnDisk storage, UtcDay day, List<PartEntry> replaces)
        throws IOException {
      clock.advanceMillis(1);
      position++;
      try (PartWriter writer = storage.parts.create(TENANT, Signal.METRICS, day, replaces)) {
        byte[] page = page(position);
        PageRef ref = writer.page(page, 0, page.length, PartWriter.Codec.COMPRESSED);
        assertThat(ref.offset()).isEqualTo(24);
        return writer.finish(
            new byte[] {(byte) ref.storedLength(), (byte) (ref.storedLength() >>> 8)},
            new PartWriter.Summary(1, day.startMs(), day.endMs(), position, position, 0));
      }
    }

    private static void swap(StorageOnDisk storage, UtcDay day, List<PartEntry> parts)
        throws IOException {
      List<PartEntry> sorted = new ArrayList<>(parts);
      sorted.sort(Comparator.comparingLong(PartEntry::maxPosition));
      UnaryOperator<@Nullable Manifest> change =
          current ->
              new Manifest(
                  TENANT,
                  Signal.METRICS,
                  day,
                  0,
                  0,
                  new long[StorageOnDisk.SHARDS],
                  sorted,
                  List.of());
      storage.manifests.swap(TENANT, Signal.METRICS, day, change);
    }

    private static void verify(StorageOnDisk storage, UtcDay day, List<PartEntry> parts)
        throws IOException {
      for (PartEntry part : parts) {
        PartReader reader = storage.parts.open(TENANT, Signal.METRICS, day, part);
        int stored = (reader.footer()[0] & 0xff) | (reader.footer()[1] & 0xff) << 8;
        byte[] expected = page(part.maxPosition());
        try (Page page = reader.page(new PageRef(24, stored, expected.length))) {
          assertThat(page.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
        }
      }
    }

    private static byte[] page(long position) {
      byte[] page = new byte[1_500];
      new SplittableRandom(position).nextBytes(page);
      return page;
    }
  }
}
