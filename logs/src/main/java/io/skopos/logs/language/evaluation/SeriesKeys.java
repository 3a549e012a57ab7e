// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers label sets in order of first appearance. Not thread-safe. */
final class SeriesKeys {

  private final Map<Labels, Integer> numbers = new HashMap<>();
  private final List<Labels> labels = new ArrayList<>();
  private @Nullable Labels latest;
  private int latestNumber;

  int size() {
    return labels.size();
  }

  Labels labels(int number) {
    return labels.get(number);
  }

  /** New ones get the next number. Equal sets are mostly the same object, and found as such. */
  @SuppressWarnings("ReferenceEquality") // Only a shortcut.
  int of(Labels key) {
    if (key == latest) {
      return latestNumber;
    }
    Integer known = numbers.get(key);
    if (known == null) {
      known = labels.size();
      numbers.put(key, known);
      labels.add(key);
    }
    latest = key;
    latestNumber = known;
    return known;
  }
}
