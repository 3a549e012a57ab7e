// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.skopos.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Where documents lie: {@code documents/<tenant>/<kind>/<name>}, the name's bytes other than
 * letters, digits, {@code -} and {@code _} written as {@code !} and two hex digits.
 */
final class DocumentKeys {

  static final String ROOT = "documents/";

  private static final int MAX_NAME_BYTES = 80;
  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private DocumentKeys() {}

  static String of(TenantId tenant, String kind, String name) {
    return folder(tenant, kind) + encode(name);
  }

  static String folder(TenantId tenant, String kind) {
    checkKind(kind);
    return ROOT + tenant.value() + "/" + kind + "/";
  }

  static void checkKind(String kind) {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(
          "'"
              + kind
              + "' is no kind of document: 1 to 63 lower-case letters, digits and dashes are");
    }
  }

  private static String encode(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    if (utf8.length == 0 || utf8.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a document's name has 1 to "
              + MAX_NAME_BYTES
              + " bytes of UTF-8, this one has "
              + utf8.length);
    }
    if (!new String(utf8, StandardCharsets.UTF_8).equals(name)
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a document's name is text without control characters, this one is not");
    }
    StringBuilder key = new StringBuilder();
    for (byte b : utf8) {
      char c = (char) (b & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || c == '-'
          || c == '_') {
        key.append(c);
      } else {
        key.append('!').append(HexFormat.of().toHexDigits(b));
      }
    }
    return key.toString();
  }
}
