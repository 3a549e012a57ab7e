// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** A secret, given as text or as a file that is read again when it changes. Thread-safe. */
public final class SecretFile {

  private final String setting;
  private final String file;
  private String text;
  private FileTime changed = FileTime.fromMillis(0);

  /**
   * @param setting the key of the file's name, for messages
   * @param text the secret itself, empty when there is a file
   */
  public SecretFile(String setting, String text, String file) {
    this.setting = setting;
    this.text = text;
    this.file = file;
  }

  /**
   * @throws IOException naming the setting and the file, never what is in it
   */
  public synchronized String read() throws IOException {
    if (file.isEmpty()) {
      return text;
    }
    Path path = Path.of(file);
    try {
      FileTime now = Files.getLastModifiedTime(path);
      if (!now.equals(changed)) {
        text = Files.readString(path).strip();
        changed = now;
      }
    } catch (IOException e) {
      throw new IOException(setting + " names " + file + ", which cannot be read: " + e, e);
    }
    if (text.isEmpty()) {
      throw new IOException(setting + " names " + file + ", which is empty");
    }
    return text;
  }

  @Override
  public String toString() {
    return "<secret>";
  }
}
