// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks.
 *
 * @param kind {@code instant}, {@code range}, {@code series}, {@code labels} …
 * @param text the query or the selectors
 * @param startMs null when the request names none
 * @param stepMs 0 without steps
 */
public record QueryDescription(
    String kind, String text, @Nullable Long startMs, @Nullable Long endMs, long stepMs) {

  /** Longer texts are cut where they are remembered, so that a log of them is bounded. */
  public static final int MAX_TEXT = 2048;

  public QueryDescription {
    if (text.length() > MAX_TEXT) {
      text = text.substring(0, MAX_TEXT) + "…";
    }
  }

  public static QueryDescription instant(String text, long timeMs) {
    return new QueryDescription("instant", text, timeMs, timeMs, 0);
  }

  public static QueryDescription range(String text, long startMs, long endMs, long stepMs) {
    return new QueryDescription("range", text, startMs, endMs, stepMs);
  }
}
