// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

/** Names of other systems as parts of label names. */
public final class LabelNames {

  private LabelNames() {}

  /** Everything but ASCII letters, digits and underscores becomes an underscore. */
  public static String sanitize(String name) {
    StringBuilder safe = new StringBuilder(name.length());
    name.codePoints()
        .forEach(c -> {
          boolean kept =
              c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
          safe.append(kept ? (char) c : '_');
        });
    return safe.toString();
  }
}
