// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

import java.util.regex.Pattern;

/** What a backup's objects are called. */
final class BackupKeys {

  /** Files that never change, under their paths, shared by all backups. */
  static final String FILES = "files/";

  static final String BACKUPS = "backups/";

  private static final String CATALOG = "/catalog";
  private static final String PARTS = "objects/parts/";
  private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{8}");

  private BackupKeys() {}

  static boolean neverChanges(String path) {
    return path.startsWith(PARTS);
  }

  static String catalog(String name) {
    return BACKUPS + name + CATALOG;
  }

  static String pack(String name, int number) {
    return BACKUPS + name + "/pack-" + number;
  }

  static String own(String name, String path) {
    return BACKUPS + name + "/files/" + path;
  }

  /** The backup whose object this is; empty for none. */
  static String nameOf(String key) {
    int end = key.startsWith(BACKUPS) ? key.indexOf('/', BACKUPS.length()) : -1;
    return end < 0 ? "" : key.substring(BACKUPS.length(), end);
  }

  static boolean isCatalog(String key) {
    return key.endsWith(CATALOG) && isName(nameOf(key)) && key.equals(catalog(nameOf(key)));
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }
}
