// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import org.jspecify.annotations.Nullable;

/** Looks for an expression in one text after the other. Used by one thread. */
interface RegexMatcher {

  /** What looking came to. */
  enum Result {
    FOUND,
    MISSING,
    /** Another engine must say. */
    UNKNOWN
  }

  Result find(String text);

  /** What a group took of the text found last; null when it took no part. */
  @Nullable String group(int number);
}
