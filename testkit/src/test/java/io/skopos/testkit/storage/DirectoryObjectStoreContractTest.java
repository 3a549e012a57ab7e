// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryObjectStoreContractTest {

  @Nested
  final class OnARealDisk extends ObjectStoreContract {

    @TempDir Path root;

    @Override
    protected ObjectStore store() throws IOException {
      return new DirectoryObjectStore(new RealDisk(), root, new PrometheusRegistry());
    }
  }

  @Nested
  final class OnASimulatedDisk extends ObjectStoreContract {

    @Override
    protected ObjectStore store() throws IOException {
      return new DirectoryObjectStore(
          new SimulatedDisk(1), Path.of("/objects"), new PrometheusRegistry());
    }
  }

  /** Two of them, as two processes that share a directory on a network. */
  @Nested
  final class Shared extends ObjectStoreContract {

    @TempDir Path directory;

    @SuppressWarnings("NullAway.Init")
    private DirectoryObjectStore other;

    @Override
    protected ObjectStore store() throws IOException {
      other = DirectoryObjectStore.shared(new RealDisk(), directory, new PrometheusRegistry());
      return DirectoryObjectStore.shared(new RealDisk(), directory, new PrometheusRegistry());
    }

    @Test
    void aDraftOfAnotherIsLeftAloneUntilThatOneIsGone() throws Exception {
      ObjectStore mine = store();
      try (ObjectWriter draft = other.create("a/large")) {
        draft.write(ByteBuffer.wrap(new byte[100]));
        DirectoryObjectStore third =
            DirectoryObjectStore.shared(new RealDisk(), directory, new PrometheusRegistry());
        third.close();
        draft.finish();
      }
      assertThat(mine.size("a/large")).hasValue(100);
      Path abandoned = directory.resolve("~writing/00112233445566ff");
      Files.createDirectories(abandoned);
      Files.write(abandoned.resolve("7"), new byte[10]);
      DirectoryObjectStore.shared(new RealDisk(), directory, new PrometheusRegistry()).close();
      assertThat(abandoned).doesNotExist();
    }

    @Test
    void ofTwoThatReplaceTheSameVersionOneIsRefused() throws Exception {
      ObjectStore mine = store();
      String version = mine.put("k", new byte[] {0});
      for (byte round = 1; round < 30; round++) {
        byte[] one = {round, 1};
        byte[] two = {round, 2};
        String before = version;
        Future<String> race = CompletableFuture.supplyAsync(() -> replace(other, before, one));
        String won = replace(mine, before, two);
        String otherWon = race.get();
        assertThat(won.isEmpty()).isNotEqualTo(otherWon.isEmpty());
        version = won.isEmpty() ? otherWon : won;
      }
    }

    private static String replace(ObjectStore store, String version, byte[] bytes) {
      try {
        return store.replace("k", version, bytes);
      } catch (VersionConflict e) {
        return "";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
