// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.directory;

import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskReader;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A few lines of text without which the directory is worth nothing, kept in two files, each ending
 * in a checksum: a flipped bit costs neither the lines nor a restore.
 */
final class TwinFile {

  static final String COPY = ".copy";
  static final String NEW = ".new";

  private static final int MAX_BYTES = 4096;
  private static final String CHECKSUM = "crc32c ";

  private final Disk disk;
  private final Path directory;
  private final String name;
  private final DamagedFiles damagedFiles;

  TwinFile(Disk disk, Path directory, String name, DamagedFiles damagedFiles) {
    this.disk = disk;
    this.directory = directory;
    this.name = name;
    this.damagedFiles = damagedFiles;
  }

  /** The lines, from whichever file is whole; null when neither is. A damaged one is mended. */
  @Nullable String read() throws IOException {
    String first = readWhole(directory.resolve(name));
    String second = readWhole(directory.resolve(name + COPY));
    String lines = first != null ? first : second;
    if (lines != null && !lines.equals(first)) {
      writeOne(name, lines);
    }
    if (lines != null && !lines.equals(second)) {
      writeOne(name + COPY, lines);
    }
    return lines;
  }

  /** Durable in both files when it returns; a crash meanwhile leaves the old or the new lines. */
  void write(String lines) throws IOException {
    writeOne(name, lines);
    writeOne(name + COPY, lines);
  }

  static String sealed(String lines) {
    CRC32C crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.UTF_8));
    return lines + CHECKSUM + String.format("%08x", crc.getValue()) + "\n";
  }

  private void writeOne(String fileName, String lines) throws IOException {
    Path temporary = directory.resolve(fileName + NEW);
    disk.delete(temporary);
    try (DiskWriter writer = disk.create(temporary)) {
      writer.write(ByteBuffer.wrap(sealed(lines).getBytes(StandardCharsets.UTF_8)));
      writer.sync();
    }
    disk.rename(temporary, directory.resolve(fileName));
    disk.syncDirectory(directory);
  }

  private @Nullable String readWhole(Path file) throws IOException {
    byte[] bytes;
    try (DiskReader reader = disk.open(file)) {
      bytes = new byte[(int) Math.min(MAX_BYTES, reader.length())];
      reader.readFully(0, ByteBuffer.wrap(bytes));
    } catch (NoSuchFileException e) {
      return null;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    int seal = text.lastIndexOf(CHECKSUM);
    if (seal >= 0 && sealed(text.substring(0, seal)).equals(text)) {
      return text.substring(0, seal);
    }
    damagedFiles.report(
        DamagedFile.Kind.DIRECTORY,
        file.toString(),
        "its checksum does not fit; its twin is used, if that is whole",
        null,
        bytes.length);
    return null;
  }
}
