// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel's files, which have no size and whose text is small. */
record KernelFiles(Path proc, Path sys, Path root) {

  private static final int FIRST_READ = 64 << 10;

  List<String> procLines(String name) throws IOException {
    return new String(bytes(proc.resolve(name)), StandardCharsets.ISO_8859_1).lines().toList();
  }

  String procText(String name) throws IOException {
    return text(proc.resolve(name));
  }

  /**
   * Null when it is not there or cannot be read now, as the kernel does for links that are down.
   */
  static @Nullable String textOrNull(Path file) {
    try {
      return text(file);
    } catch (IOException e) {
      return null;
    }
  }

  static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      found.forEach(entries::add);
    }
    Collections.sort(entries);
    return entries;
  }

  private static String text(Path file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8).strip();
  }

  /**
   * Reads with a large first read: files under /proc/sys give all they have to it and nothing to a
   * second one, and {@code Files.readAllBytes} begins with a single byte when a file has no size.
   */
  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = new byte[FIRST_READ];
      int length = 0;
      for (int count; (count = in.read(bytes, length, bytes.length - length)) > 0; ) {
        length += count;
        if (length == bytes.length) {
          bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
      }
      return Arrays.copyOf(bytes, length);
    }
  }

  static String[] fields(String line) {
    return line.strip().split("\\s+");
  }
}
