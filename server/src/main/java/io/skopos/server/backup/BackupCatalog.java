// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.luben.zstd.Zstd;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.VersionedObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a backup holds. It is written last: a backup without it is none.
 *
 * @param name sorts by time
 * @param files by path
 */
record BackupCatalog(String name, Instant created, List<BackedUpFile> files) {

  private static final int VERSION = 1;
  private static final int MAX_TEXT_BYTES = 1 << 30;
  private static final int PAGE = 1000;
  private static final JsonFactory JSON = new JsonFactory();

  BackupCatalog {
    files = List.copyOf(files);
  }

  long bytes() {
    return files.stream().mapToLong(BackedUpFile::size).sum();
  }

  /** Names of all whole backups, oldest first. */
  static List<String> names(ObjectStore store) throws IOException {
    List<String> names = new ArrayList<>();
    List<ObjectSummary> page = store.list(BackupKeys.BACKUPS, "", PAGE);
    while (!page.isEmpty()) {
      for (ObjectSummary object : page) {
        if (BackupKeys.isCatalog(object.key())) {
          names.add(BackupKeys.nameOf(object.key()));
        }
      }
      page = store.list(BackupKeys.BACKUPS, page.getLast().key(), PAGE);
    }
    return names;
  }

  static BackupCatalog read(ObjectStore store, String name) throws IOException {
    VersionedObject found = store.get(BackupKeys.catalog(name), ObjectStore.MAX_WHOLE_BYTES);
    if (found == null) {
      throw new BackupFailed("there is no backup " + name);
    }
    try {
      return decode(name, text(found.bytes()));
    } catch (JacksonException | IllegalArgumentException | DateTimeParseException e) {
      throw new BackupFailed("the catalog of backup " + name + " is damaged");
    }
  }

  byte[] encode() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("created", created.toString());
      json.writeArrayFieldStart("files");
      for (BackedUpFile file : files) {
        json.writeStartObject();
        json.writeStringField("path", file.path());
        json.writeNumberField("size", file.size());
        json.writeStringField("sha256", file.sha256());
        json.writeStringField("object", file.object());
        json.writeNumberField("offset", file.offset());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return Zstd.compress(text.toByteArray(), 3);
  }

  private static byte[] text(byte[] compressed) {
    long length = Zstd.getFrameContentSize(compressed);
    if (length <= 0 || length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException("no catalog has " + length + " bytes");
    }
    byte[] text = new byte[(int) length];
    long read = Zstd.decompress(text, compressed);
    if (Zstd.isError(read) || read != length) {
      throw new IllegalArgumentException("it does not decompress");
    }
    return text;
  }

  private static BackupCatalog decode(String name, byte[] text) throws IOException {
    Instant created = Instant.EPOCH;
    List<BackedUpFile> files = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "version" -> {
            if (json.getIntValue() != VERSION) {
              throw new BackupFailed(
                  "backup " + name + " has version " + json.getIntValue() + ", not " + VERSION);
            }
          }
          case "created" -> created = Instant.parse(json.getText());
          case "files" -> {
            while (json.nextToken() == JsonToken.START_OBJECT) {
              files.add(file(json));
            }
          }
          default -> json.skipChildren();
        }
      }
    }
    return new BackupCatalog(name, created, files);
  }

  private static BackedUpFile file(JsonParser json) throws IOException {
    String path = "";
    long size = 0;
    String sha256 = "";
    String object = "";
    long offset = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "path" -> path = json.getText();
        case "size" -> size = json.getLongValue();
        case "sha256" -> sha256 = json.getText();
        case "object" -> object = json.getText();
        case "offset" -> offset = json.getLongValue();
        default -> json.skipChildren();
      }
    }
    // A path that leads out of the directory would write anywhere.
    if (path.isEmpty() || path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException("no file of a data directory is called '" + path + "'");
    }
    return new BackedUpFile(path, size, sha256, object, offset);
  }
}
