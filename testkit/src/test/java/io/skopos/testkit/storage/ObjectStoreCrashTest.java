// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionedObject;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cuts the power at every single operation of a write, several times with different luck. */
final class ObjectStoreCrashTest {

  private static final Path ROOT = Path.of("/data/objects");
  private static final int SEEDS = 40;

  @Test
  void aNewObjectIsThereWholeOrNotAtAll() throws IOException {
    atEveryMoment(
        store -> {},
        store -> store.putIfAbsent("a/b/c", content(2)),
        (store, acknowledged) -> {
          byte[] found = get(store, "a/b/c");
          assertThat(found == null || Arrays.equals(found, content(2))).isTrue();
          assertThat(found != null || !acknowledged).isTrue();
        });
  }

  @Test
  void aStreamedObjectIsThereWholeOrNotAtAll() throws IOException {
    atEveryMoment(
        store -> {},
        store -> {
          try (ObjectWriter writer = store.create("a/b/c")) {
            writer.write(ByteBuffer.wrap(content(2), 0, 1_000));
            writer.write(ByteBuffer.wrap(content(2), 1_000, 2_000));
            writer.finish();
          }
        },
        (store, acknowledged) -> {
          byte[] found = get(store, "a/b/c");
          assertThat(found == null || Arrays.equals(found, content(2))).isTrue();
          assertThat(found != null || !acknowledged).isTrue();
        });
  }

  @Test
  void aReplacedObjectIsTheOldOneOrTheNewOne() throws IOException {
    atEveryMoment(
        store -> store.put("a/b/c", content(1)),
        store -> {
          VersionedObject present = requireNonNull(store.get("a/b/c", 10_000));
          store.replace("a/b/c", present.version(), content(2));
        },
        (store, acknowledged) -> {
          byte[] found = get(store, "a/b/c");
          boolean isNew = Arrays.equals(found, content(2));
          assertThat(isNew || Arrays.equals(found, content(1))).isTrue();
          assertThat(isNew || !acknowledged).isTrue();
        });
  }

  @Test
  void aDeletedObjectDoesNotComeBack() throws IOException {
    atEveryMoment(
        store -> {
          store.put("a/b/c", content(1));
          store.put("a/x", content(1));
        },
        store -> store.delete("a/b/c"),
        (store, acknowledged) -> {
          byte[] found = get(store, "a/b/c");
          assertThat(found == null || Arrays.equals(found, content(1))).isTrue();
          assertThat(found == null || !acknowledged).isTrue();
          assertThat(get(store, "a/x")).isEqualTo(content(1));
        });
  }

  @Test
  void afterAKillWhatIsVisibleAndSettledStays() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      for (int cut = 0; ; cut++) {
        SimulatedDisk disk = new SimulatedDisk(seed);
        open(disk).put("m/a", content(1));
        disk.losePowerAfter(cut);
        boolean finished = false;
        try {
          open(disk).put("m/a", content(2));
          finished = true;
        } catch (IOException e) {
          // killed at this moment, by way of a disk that stops working
        }
        disk.kill();
        ObjectStore store = open(disk);
        store.settle("m/");
        byte[] visible = get(store, "m/a");
        disk.crash();
        assertThat(get(open(disk), "m/a")).as("seed %s cut %s", seed, cut).isEqualTo(visible);
        if (finished) {
          break;
        }
      }
    }
  }

  private static void atEveryMoment(Action before, Action write, Check check) throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      boolean acknowledged = false;
      for (int cut = 0; !acknowledged; cut++) {
        SimulatedDisk disk = new SimulatedDisk(seed);
        before.run(open(disk));
        ObjectStore store = open(disk);
        disk.losePowerAfter(cut);
        try {
          write.run(store);
          acknowledged = true;
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("no power");
        }
        disk.crash();
        ObjectStore reopened = open(disk);
        try {
          check.run(reopened, acknowledged);
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed + ", power lost after " + cut + " changes", e);
        }
        // Nothing half-written is left, and what is listed can be read.
        assertThat(disk.list(ROOT.resolve("~writing"))).isEmpty();
        List<ObjectSummary> listed = reopened.list("", "", 100);
        for (ObjectSummary object : listed) {
          assertThat(get(reopened, object.key())).hasSize((int) object.size());
        }
      }
    }
  }

  private static ObjectStore open(SimulatedDisk disk) throws IOException {
    return new DirectoryObjectStore(disk, ROOT, new PrometheusRegistry());
  }

  private static byte @org.jspecify.annotations.Nullable [] get(ObjectStore store, String key)
      throws IOException {
    VersionedObject found = store.get(key, 10_000);
    return found == null ? null : found.bytes();
  }

  private static byte[] content(int version) {
    byte[] bytes = new byte[3_000];
    Arrays.fill(bytes, (byte) version);
    return bytes;
  }

  @FunctionalInterface
  private interface Action {
    void run(ObjectStore store) throws IOException;
  }

  @FunctionalInterface
  private interface Check {
    void run(ObjectStore store, boolean acknowledged) throws IOException;
  }
}
