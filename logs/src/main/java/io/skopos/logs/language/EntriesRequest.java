// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

/**
 * What a log query is asked for.
 *
 * @param startNs Unix nanoseconds, included
 * @param endNs Unix nanoseconds, not included
 * @param limit most entries of the answer; 0 for all
 * @param intervalNs entries closer than this to the one given before are left out; 0 for none
 */
public record EntriesRequest(
    long startNs, long endNs, int limit, Direction direction, long intervalNs) {

  public EntriesRequest {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit is " + limit + ", it must not be negative");
    }
    if (intervalNs < 0) {
      throw new IllegalArgumentException(
          "the interval is " + intervalNs + " ns, it must not be negative");
    }
  }
}
