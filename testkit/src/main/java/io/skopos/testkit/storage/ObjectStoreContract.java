// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectTooLarge;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.storage.objects.VersionedObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ObjectStore} does. */
public abstract class ObjectStoreContract {

  private ObjectStore store;

  /** An empty store. */
  protected abstract ObjectStore store() throws IOException;

  @BeforeEach
  void prepare() throws IOException {
    store = store();
  }

  @Test
  void anObjectAppearsWhenItIsFinished() throws IOException {
    try (ObjectWriter writer = store.create("a/b.part")) {
      writer.write(buffer("hello "), buffer("world"));
      assertThat(writer.length()).isEqualTo(11);
      assertThat(store.get("a/b.part", 100)).isNull();
      assertThat(store.list("", "", 10)).isEmpty();
      writer.finish();
    }
    assertThat(text("a/b.part")).isEqualTo("hello world");
    assertThat(store.size("a/b.part")).isEqualTo(OptionalLong.of(11));
  }

  @Test
  void anUnfinishedObjectLeavesNothing() throws IOException {
    try (ObjectWriter writer = store.create("a/b")) {
      writer.write(buffer("hello"));
    }
    assertThat(store.get("a/b", 100)).isNull();
    assertThat(store.size("a/b")).isEmpty();
    assertThat(store.list("", "", 10)).isEmpty();
  }

  @Test
  void aWriterDoesNotReplace() throws IOException {
    store.put("a", bytes("first"));
    try (ObjectWriter writer = store.create("a")) {
      writer.write(buffer("second"));
      assertThatThrownBy(writer::finish).isInstanceOf(VersionConflict.class);
    }
    assertThat(text("a")).isEqualTo("first");
  }

  @Test
  void putReplacesAndTellsTheVersion() throws IOException {
    String first = store.put("key", bytes("1"));
    String second = store.put("key", bytes("2"));
    assertThat(first).isNotEqualTo(second);
    VersionedObject found = requireNonNull(store.get("key", 10));
    assertThat(found.version()).isEqualTo(second);
    assertThat(found.bytes()).isEqualTo(bytes("2"));
  }

  @Test
  void emptyObjectsAreObjects() throws IOException {
    store.put("empty", new byte[0]);
    assertThat(store.size("empty")).isEqualTo(OptionalLong.of(0));
    assertThat(text("empty")).isEmpty();
  }

  @Test
  void putIfAbsentGivesWay() throws IOException {
    store.putIfAbsent("key", bytes("1"));
    assertThatThrownBy(() -> store.putIfAbsent("key", bytes("2")))
        .isInstanceOf(VersionConflict.class)
        .hasMessageContaining("key");
    assertThat(text("key")).isEqualTo("1");
  }

  @Test
  void replaceAsksForTheVersion() throws IOException {
    String first = store.put("key", bytes("1"));
    String second = store.replace("key", first, bytes("2"));
    assertThatThrownBy(() -> store.replace("key", first, bytes("3")))
        .isInstanceOf(VersionConflict.class)
        .hasMessageContaining("key");
    assertThat(text("key")).isEqualTo("2");
    store.replace("key", second, bytes("3"));
    assertThat(text("key")).isEqualTo("3");
    assertThatThrownBy(() -> store.replace("none", first, bytes("3")))
        .isInstanceOf(VersionConflict.class);
    assertThat(store.size("none")).isEmpty();
  }

  @Test
  void ofManyWhoReplaceOneWins() throws Exception {
    String version = store.put("key", bytes("start"));
    List<Boolean> won =
        inParallel(
            8,
            i -> {
              try {
                store.replace("key", version, bytes("by " + i));
                return true;
              } catch (VersionConflict e) {
                return false;
              } catch (IOException e) { // written or not: who wants to know reads it again
                return text("key").equals("by " + i);
              }
            });
    assertThat(won).containsOnlyOnce(true);
    assertThat(text("key")).isEqualTo("by " + won.indexOf(true));
  }

  @Test
  void ofManyWhoCreateOneWins() throws Exception {
    List<Boolean> won =
        inParallel(
            8,
            i -> {
              try {
                store.putIfAbsent("a/b/c", bytes("by " + i));
                return true;
              } catch (VersionConflict e) {
                return false;
              } catch (IOException e) { // written or not: who wants to know reads it again
                return text("a/b/c").equals("by " + i);
              }
            });
    assertThat(won).containsOnlyOnce(true);
    assertThat(text("a/b/c")).isEqualTo("by " + won.indexOf(true));
  }

  @Test
  void rangesAreReadIntoAnyBuffer() throws IOException {
    store.put("key", bytes("0123456789"));
    ByteBuffer direct = ByteBuffer.allocateDirect(4);
    store.getRange("key", 3, direct);
    assertThat(StandardCharsets.UTF_8.decode(direct.flip()).toString()).isEqualTo("3456");
    assertThatThrownBy(() -> store.getRange("key", 8, ByteBuffer.allocate(3)))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> store.getRange("none", 0, ByteBuffer.allocate(3)))
        .isInstanceOf(MissingObject.class)
        .hasMessageContaining("none");
  }

  @Test
  void aRangeReadAfterAReplacementSeesIt() throws IOException {
    store.put("key", bytes("old"));
    ByteBuffer before = ByteBuffer.allocate(3);
    store.getRange("key", 0, before);
    store.put("key", bytes("new"));
    ByteBuffer after = ByteBuffer.allocate(3);
    store.getRange("key", 0, after);
    assertThat(before.array()).isEqualTo(bytes("old"));
    assertThat(after.array()).isEqualTo(bytes("new"));
    store.delete("key");
    assertThatThrownBy(() -> store.getRange("key", 0, ByteBuffer.allocate(3)))
        .isInstanceOf(MissingObject.class);
  }

  @Test
  void anObjectLargerThanItsReaderExpectsIsRefused() throws IOException {
    store.put("key", bytes("0123456789"));
    assertThatThrownBy(() -> store.get("key", 9))
        .isInstanceOf(ObjectTooLarge.class)
        .hasMessageContaining("key")
        .hasMessageContaining("10")
        .hasMessageContaining("9");
    assertThat(store.get("key", 10)).isNotNull();
  }

  @Test
  void deletedObjectsAreGone() throws IOException {
    store.put("a/b", bytes("1"));
    assertThat(store.delete("a/b")).isTrue();
    assertThat(store.delete("a/b")).isFalse();
    assertThat(store.get("a/b", 10)).isNull();
    store.put("a/b", bytes("2"));
    assertThat(text("a/b")).isEqualTo("2");
  }

  @Test
  void aConditionalDeletionAsksForTheVersion() throws IOException {
    String first = store.put("key", bytes("1"));
    String second = store.put("key", bytes("2"));
    assertThatThrownBy(() -> store.delete("key", first)).isInstanceOf(VersionConflict.class);
    assertThat(text("key")).isEqualTo("2");
    store.delete("key", second);
    assertThat(store.get("key", 10)).isNull();
    assertThatThrownBy(() -> store.delete("key", second)).isInstanceOf(VersionConflict.class);
  }

  @Test
  void aFolderIsNoObject() throws IOException {
    store.put("a/b/c", bytes("1"));
    assertThat(store.get("a/b", 10)).isNull();
    assertThat(store.size("a")).isEmpty();
    assertThat(store.delete("a")).isFalse();
    assertThat(text("a/b/c")).isEqualTo("1");
  }

  @Test
  void listingsAreInOrderOfTheKeysAndPaged() throws IOException {
    List<String> keys = List.of("a!", "a-b", "a.b", "a/b", "a/b!/c", "a/b-c", "a/c/d", "a0", "b/a");
    for (String key : keys) {
      store.put(key, bytes(key));
    }
    List<String> sorted = keys.stream().sorted().toList();
    for (int pageSize = 1; pageSize <= keys.size() + 1; pageSize++) {
      assertThat(listAll("", pageSize)).isEqualTo(sorted);
    }
    assertThat(listAll("a/", 2)).containsExactly("a/b", "a/b!/c", "a/b-c", "a/c/d");
    assertThat(listAll("a/b", 1)).containsExactly("a/b", "a/b!/c", "a/b-c");
    assertThat(listAll("a/b!/", 1)).containsExactly("a/b!/c");
    assertThat(listAll("nothing", 5)).isEmpty();
    assertThat(listAll("nothing/at/all/", 5)).isEmpty();
    assertThat(store.list("a/", "a/b!/zzz", 1)).containsExactly(new ObjectSummary("a/b-c", 5));
  }

  @Test
  void keysThatCouldMeanSomethingElseAreRefused() {
    for (String key :
        List.of("", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a b", "a\\b", "ä", "a\0", "~")) {
      assertThatThrownBy(() -> store.put(key, bytes("1")))
          .as("key '%s'", key)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> store.put("x".repeat(256), bytes("1")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.get("x/".repeat(600) + "x", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyWriteAndReadTheirOwnAtOnce() throws Exception {
    List<Integer> written =
        inParallel(
            8,
            i -> {
              int round = 0;
              for (; round < 25; round++) {
                String key = "t/" + (round % 3) + "/" + i + "-" + round;
                store.put(key, bytes(key));
                ByteBuffer into = ByteBuffer.allocate(key.length());
                store.getRange(key, 0, into);
                assertThat(into.array()).isEqualTo(bytes(key));
                if (round % 2 == 0) {
                  assertThat(store.delete(key)).isTrue();
                }
              }
              return round;
            });
    assertThat(written).containsOnly(25);
    assertThat(listAll("t/", 7)).hasSize(8 * 12);
  }

  private List<String> listAll(String prefix, int pageSize) throws IOException {
    List<String> keys = new ArrayList<>();
    List<ObjectSummary> page = store.list(prefix, "", pageSize);
    while (!page.isEmpty()) {
      assertThat(page.size()).isLessThanOrEqualTo(pageSize);
      for (ObjectSummary object : page) {
        assertThat(store.size(object.key())).isEqualTo(OptionalLong.of(object.size()));
        keys.add(object.key());
      }
      page = store.list(prefix, page.getLast().key(), pageSize);
    }
    return keys;
  }

  private String text(String key) throws IOException {
    VersionedObject found = requireNonNull(store.get(key, 1 << 20), key);
    return new String(found.bytes(), StandardCharsets.UTF_8);
  }

  private static <T> List<T> inParallel(int threads, Task<T> task) throws Exception {
    List<Callable<T>> tasks =
        IntStream.range(0, threads).<Callable<T>>mapToObj(i -> () -> task.run(i)).toList();
    List<T> results = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<T> result : executor.invokeAll(tasks)) {
        results.add(result.get());
      }
    }
    return results;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(bytes(text));
  }

  @FunctionalInterface
  private interface Task<T> {
    T run(int index) throws Exception;
  }
}
