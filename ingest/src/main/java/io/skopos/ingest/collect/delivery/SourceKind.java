// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.delivery;

import java.util.Locale;

/** Where entries come from. */
public enum SourceKind {
  FILES,
  JOURNAL,
  SYSLOG;

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
