// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.relabel;

import java.util.Locale;

/** What a rule does; the names are Prometheus'. */
public enum RelabelAction {
  REPLACE,
  KEEP,
  DROP,
  KEEPEQUAL,
  DROPEQUAL,
  HASHMOD,
  LABELMAP,
  LABELDROP,
  LABELKEEP,
  LOWERCASE,
  UPPERCASE;

  /** In any case, as Prometheus reads it. */
  public static RelabelAction parse(String text) {
    for (RelabelAction action : values()) {
      if (action.key().equals(text.toLowerCase(Locale.ROOT))) {
        return action;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no relabel action; there are replace, keep, drop, keepequal, dropequal,"
            + " hashmod, labelmap, labeldrop, labelkeep, lowercase and uppercase");
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
