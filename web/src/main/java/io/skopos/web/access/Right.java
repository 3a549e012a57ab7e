// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a caller may do with the data of their tenants. */
public enum Right {
  /** Ask: queries, metadata, status. */
  READ,
  /** Send data: push endpoints, imports, events. */
  WRITE,
  /** Delete data, and manage tokens; with all tenants also reload, flush and the like. */
  ADMIN,
  /** Change the systems that are watched: faults, live probes, silences, webhooks. */
  ACT;

  /** The rights of credentials that name none: those of a team that sends and asks. */
  public static final Set<Right> USUAL = Set.of(READ, WRITE);

  public static final Set<Right> ALL = Set.of(values());

  /** As users write it. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException naming the rights there are
   */
  public static Right of(String key) {
    for (Right right : values()) {
      if (right.key().equals(key.strip().toLowerCase(Locale.ROOT))) {
        return right;
      }
    }
    throw new IllegalArgumentException(
        "'" + key.strip() + "' is not a right; there are " + text(ALL) + " and * for all");
  }

  /** Reads {@code read,write}; {@code *} is all of them. */
  public static Set<Right> set(String commaSeparated) {
    if (commaSeparated.strip().equals("*")) {
      return ALL;
    }
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (String key : commaSeparated.split(",")) {
      rights.add(of(key));
    }
    return Set.copyOf(rights);
  }

  /** As {@link #set} reads it. */
  public static String text(Collection<Right> rights) {
    return rights.stream().sorted().map(Right::key).collect(Collectors.joining(","));
  }
}
