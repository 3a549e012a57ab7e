// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.select;

import io.skopos.engine.QueryBudget;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The streams of a question, numbered from 0 on whatever part or head they were found in. */
final class FoundStreams {

  private static final int BYTES = 120;

  private final QueryBudget budget;
  private final Map<Labels, Integer> numbers = new HashMap<>();
  private final List<Labels> streams = new ArrayList<>();

  FoundStreams(QueryBudget budget) {
    this.budget = budget;
  }

  int number(Labels stream) {
    Integer known = numbers.putIfAbsent(stream, streams.size());
    if (known != null) {
      return known;
    }
    budget.addSeries(1);
    budget.addBytes(BYTES + stream.canonicalBytes().length);
    streams.add(stream);
    return streams.size() - 1;
  }

  Labels labels(int number) {
    return streams.get(number);
  }

  int count() {
    return streams.size();
  }

  List<Labels> all() {
    return List.copyOf(streams);
  }
}
