// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes lines that are all different to a few files, and rotates them in every way there is: by
 * renaming, by copying and cutting, with the number of a removed file taken by another.
 */
final class WildWriter {

  private final Path directory;
  private final Random random;
  private final int files;
  private final List<String> written = new ArrayList<>();
  private int next;

  WildWriter(Path directory, long seed, int files) {
    this.directory = directory;
    this.random = new Random(seed);
    this.files = files;
  }

  /** All lines so far. */
  List<String> written() {
    return written;
  }

  void step() throws IOException {
    Path file = directory.resolve("app" + random.nextInt(files) + ".log");
    int what = random.nextInt(100);
    if (what < 90 || !Files.exists(file)) {
      append(file, 1 + random.nextInt(60));
    } else if (what < 95) {
      shift(file);
      Files.move(file, rotated(file, 1));
      if (random.nextBoolean()) {
        // Whoever has it open goes on writing for a while.
        append(rotated(file, 1), 1 + random.nextInt(5));
      }
      append(file, 1 + random.nextInt(5));
    } else {
      shift(file);
      Files.copy(file, rotated(file, 1), StandardCopyOption.COPY_ATTRIBUTES);
      Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
      append(file, 1 + random.nextInt(60));
    }
  }

  private void shift(Path file) throws IOException {
    for (int i = 50; i >= 1; i--) {
      if (Files.exists(rotated(file, i))) {
        Files.move(rotated(file, i), rotated(file, i + 1));
      }
    }
  }

  private static Path rotated(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  private void append(Path file, int lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      String line =
          "line " + next++ + " of " + file.getFileName() + " " + "z".repeat(random.nextInt(80));
      text.append(line).append('\n');
      written.add(line);
    }
    // Lines come in pieces.
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int cut = random.nextInt(bytes.length);
    write(file, bytes, 0, cut);
    write(file, bytes, cut, bytes.length - cut);
  }

  private static void write(Path file, byte[] bytes, int from, int length) throws IOException {
    byte[] piece = new byte[length];
    System.arraycopy(bytes, from, piece, 0, length);
    Files.write(file, piece, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
