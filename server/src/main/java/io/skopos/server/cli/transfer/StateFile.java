// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a transfer has finished, so that it can go on after an interruption: lines {@code
 * key=value}, the first of which says which transfer it is. Replaced as a whole, never written in
 * place.
 */
final class StateFile {

  private static final String IDENTITY = "transfer";

  private final Path path;
  private final Map<String, String> entries = new LinkedHashMap<>();

  /**
   * @param identity of the transfer: its source, target and options
   * @throws TransferFailed when the file belongs to another transfer
   */
  StateFile(Path path, String identity) {
    this.path = path;
    String flat = identity.replace('\n', ' ');
    entries.put(IDENTITY, flat);
    if (!Files.exists(path)) {
      return;
    }
    try {
      List<String> lines = Files.readAllLines(path, StandardCharsets.UTF_8);
      for (String line : lines) {
        int equals = line.indexOf('=');
        if (equals < 1) {
          throw new TransferFailed(path + " is no state of a transfer; name another with --state")
              .forGood();
        }
        entries.put(line.substring(0, equals), line.substring(equals + 1));
      }
    } catch (IOException e) {
      throw new TransferFailed("cannot read the state in " + path + ": " + e.getMessage(), e);
    }
    if (!flat.equals(entries.get(IDENTITY))) {
      throw new TransferFailed(
              path
                  + " is the state of another transfer ("
                  + entries.get(IDENTITY)
                  + "); delete it to begin this one anew, or name another with --state")
          .forGood();
    }
  }

  boolean isResumed() {
    return entries.size() > 1;
  }

  String get(String key) {
    return entries.getOrDefault(key, "");
  }

  long number(String key) {
    String text = get(key);
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TransferFailed(path + ": '" + text + "' is no number; delete the file", e);
    }
  }

  StateFile set(String key, String value) {
    entries.put(key, value);
    return this;
  }

  StateFile set(String key, long value) {
    return set(key, Long.toString(value));
  }

  void save() {
    StringBuilder text = new StringBuilder();
    entries.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    try {
      Path whole = path.toAbsolutePath();
      Path draft = whole.resolveSibling(whole.getFileName() + ".tmp");
      Files.writeString(draft, text);
      Files.move(draft, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TransferFailed("cannot write the state to " + path + ": " + e.getMessage(), e);
    }
  }

  /** The transfer is complete. */
  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new TransferFailed("cannot delete " + path + ": " + e.getMessage(), e);
    }
  }
}
