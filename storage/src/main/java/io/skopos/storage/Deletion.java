// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import java.util.List;

/**
 * Hides the rows of the series (or streams) that fit all matchers, within the range, appended
 * before it.
 *
 * @param spared series that fit all matchers of one of these are left alone
 */
public record Deletion(List<Matcher> matchers, List<List<Matcher>> spared, TimeRange range) {

  public Deletion {
    matchers = List.copyOf(matchers);
    spared = spared.stream().map(List::copyOf).toList();
    if (matchers.isEmpty()) {
      throw new IllegalArgumentException("a deletion needs at least one matcher");
    }
    if (spared.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException("a deletion that spares all series hides nothing");
    }
  }

  /** Of all that fits. */
  public Deletion(List<Matcher> matchers, TimeRange range) {
    this(matchers, List.of(), range);
  }
}
