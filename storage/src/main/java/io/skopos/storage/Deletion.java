// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import java.util.List;

/**
 * Hides the rows of the series (or streams) that fit all matchers, within the range, appended
 * before it.
 */
public record Deletion(List<Matcher> matchers, TimeRange range) {

  public Deletion {
    matchers = List.copyOf(matchers);
    if (matchers.isEmpty()) {
      throw new IllegalArgumentException("a deletion needs at least one matcher");
    }
  }
}
