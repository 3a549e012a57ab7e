// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskLock;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} does. */
public abstract class DiskContract {

  private Disk disk;
  private Path root;

  /** A disk and an existing, empty directory on it. */
  protected abstract Disk disk();

  protected abstract Path root();

  @BeforeEach
  void prepare() {
    disk = disk();
    root = root();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = root.resolve("file");
    try (DiskWriter writer = disk.create(file)) {
      writer.write(bytes("hello "), bytes("wor"), bytes("ld"));
      assertThat(writer.length()).isEqualTo(11);
      writer.sync();
    }
    assertThat(disk.exists(file)).isTrue();
    assertThat(disk.isDirectory(file)).isFalse();
    assertThat(disk.size(file)).isEqualTo(11);
    assertThat(read(file, 0, 11)).isEqualTo("hello world");
    assertThat(read(file, 6, 5)).isEqualTo("world");
  }

  @Test
  void aReadBehindTheEndSaysSoAndNamesTheFile() throws IOException {
    Path file = write("short", "12345");
    try (DiskReader reader = disk.open(file)) {
      assertThat(reader.length()).isEqualTo(5);
      assertThatThrownBy(() -> reader.readFully(3, ByteBuffer.allocate(3)))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("short");
    }
  }

  @Test
  void aFileIsCreatedOnce() throws IOException {
    Path file = write("file", "1");
    assertThatThrownBy(() -> disk.create(file))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("file");
  }

  @Test
  void appendingCutsOffWhatLiesBehind() throws IOException {
    Path file = write("file", "0123456789");
    try (DiskWriter writer = disk.append(file, 4)) {
      assertThat(writer.length()).isEqualTo(4);
      writer.write(bytes("abc"));
      assertThat(writer.length()).isEqualTo(7);
      writer.sync();
    }
    assertThat(read(file, 0, (int) disk.size(file))).isEqualTo("0123abc");
  }

  @Test
  void appendingBehindTheEndIsRefused() throws IOException {
    Path file = write("file", "0123");
    assertThatThrownBy(() -> disk.append(file, 5).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file");
    assertThat(disk.size(file)).isEqualTo(4);
  }

  @Test
  void missingFilesAreNamed() {
    Path file = root.resolve("missing");
    assertThatThrownBy(() -> disk.open(file).close()).satisfies(e -> isMissing(e, "missing"));
    assertThatThrownBy(() -> disk.append(file, 0).close()).satisfies(e -> isMissing(e, "missing"));
    assertThatThrownBy(() -> disk.size(file)).satisfies(e -> isMissing(e, "missing"));
    assertThatThrownBy(() -> disk.rename(file, root.resolve("to")))
        .satisfies(e -> isMissing(e, "missing"));
    assertThatThrownBy(() -> disk.create(root.resolve("no/folder")).close())
        .satisfies(e -> isMissing(e, "folder"));
  }

  @Test
  void aRenameReplacesTheTarget() throws IOException {
    Path from = write("from", "new");
    Path to = write("to", "old");
    disk.rename(from, to);
    assertThat(disk.exists(from)).isFalse();
    assertThat(read(to, 0, 3)).isEqualTo("new");
  }

  @Test
  void aLinkedFileOutlivesItsFirstName() throws IOException {
    Path file = write("file", "content");
    Path second = root.resolve("second");
    disk.link(file, second);
    assertThatThrownBy(() -> disk.link(file, second))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(disk.delete(file)).isTrue();
    assertThat(read(second, 0, 7)).isEqualTo("content");
    assertThatThrownBy(() -> disk.link(file, root.resolve("third")))
        .satisfies(e -> isMissing(e, ""));
  }

  @Test
  void aRemovedFileStaysReadableForWhoHasItOpen() throws IOException {
    Path file = write("file", "content");
    try (DiskReader reader = disk.open(file)) {
      assertThat(disk.delete(file)).isTrue();
      assertThat(disk.exists(file)).isFalse();
      ByteBuffer into = ByteBuffer.allocate(7);
      reader.readFully(0, into);
      assertThat(into.array()).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(disk.delete(file)).isFalse();
  }

  @Test
  void directoriesAreCreatedWithTheirParentsListedSortedAndRemovedWhenEmpty() throws IOException {
    Path directory = root.resolve("a/b/c");
    disk.createDirectories(directory);
    disk.createDirectories(directory);
    assertThat(disk.isDirectory(directory)).isTrue();
    disk.create(directory.resolve("2")).close();
    disk.create(directory.resolve("1")).close();
    disk.createDirectories(directory.resolve("0"));
    disk.syncDirectory(directory);
    assertThat(disk.list(directory)).containsExactly("0", "1", "2");
    assertThat(disk.list(root.resolve("none"))).isEmpty();
    assertThat(disk.deleteDirectory(directory)).isFalse();
    assertThat(disk.deleteDirectory(directory.resolve("0"))).isTrue();
    assertThat(disk.deleteDirectory(directory.resolve("0"))).isFalse();
    assertThatThrownBy(() -> disk.delete(directory)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.syncDirectory(root.resolve("none")))
        .satisfies(e -> isMissing(e, "none"));
  }

  @Test
  void aFileInTheWayOfADirectoryIsAnError() throws IOException {
    write("file", "1");
    assertThatThrownBy(() -> disk.createDirectories(root.resolve("file/below")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file");
    assertThat(disk.isDirectory(root.resolve("file"))).isFalse();
  }

  @Test
  void freeSpaceIsKnown() throws IOException {
    assertThat(disk.usableBytes(root)).isPositive();
  }

  @Test
  void aLockIsHeldOnce() throws IOException {
    Path file = root.resolve("lock");
    DiskLock first = requireNonNull(disk.tryLock(file));
    assertThat(disk.tryLock(file)).isNull();
    first.close();
    DiskLock second = requireNonNull(disk.tryLock(file));
    second.close();
  }

  private Path write(String name, String content) throws IOException {
    Path file = root.resolve(name);
    try (DiskWriter writer = disk.create(file)) {
      writer.write(bytes(content));
      writer.sync();
    }
    return file;
  }

  private String read(Path file, long offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(length);
    try (DiskReader reader = disk.open(file)) {
      reader.readFully(offset, into);
    }
    return StandardCharsets.UTF_8.decode(into.flip()).toString();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void isMissing(Throwable error, String name) {
    assertThat(error).isInstanceOf(NoSuchFileException.class).hasMessageContaining(name);
  }
}
