// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class MutableLabelIndexTest extends LabelIndexContract {

  @Override
  LabelIndex index(List<Labels> series) {
    MutableLabelIndex index = new MutableLabelIndex();
    for (int ordinal = 0; ordinal < series.size(); ordinal++) {
      byte[] bytes = series.get(ordinal).canonicalBytes();
      index.add(ordinal, bytes, 0, bytes.length);
    }
    return index;
  }

  @Test
  void ordinalsComeInTurn() {
    MutableLabelIndex index = new MutableLabelIndex();
    assertThatThrownBy(() -> index.add(1, new byte[0], 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("where 0 is next");
  }

  /** A series is selected with all of its labels or not at all, however the threads interleave. */
  @Test
  void readersNeverSeeHalfASeries() throws Exception {
    MutableLabelIndex index = new MutableLabelIndex();
    int total = 60_000;
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      Callable<Integer> reader =
          () -> {
            int rounds = 0;
            for (int seen = 0; seen < total; rounds++) {
              int before = index.seriesCount();
              RoaringBitmap odd =
                  LabelSelection.select(
                      index,
                      List.of(
                          Matcher.equal("all", "yes"),
                          new Matcher(Matcher.Type.NOT_EQUAL, "zero", "even")));
              seen = index.seriesCount();
              assertThat(odd.getCardinality()).isBetween(before / 2, (seen + 1) / 2);
              odd.forEach((int ordinal) -> assertThat(ordinal & 1).isEqualTo(1));
            }
            return rounds;
          };
      Future<Integer> first = pool.submit(reader);
      Future<Integer> second = pool.submit(reader);
      for (int ordinal = 0; ordinal < total; ordinal++) {
        Labels labels =
            Labels.of(
                "all", "yes", "one", "v" + ordinal, "zero", (ordinal & 1) == 0 ? "even" : "odd");
        index.add(ordinal, labels.canonicalBytes(), 0, labels.canonicalBytes().length);
      }
      assertThat(first.get()).isPositive();
      assertThat(second.get()).isPositive();
    }
    assertThat(index.heapBytes()).isBetween(60_000L * 100, 60_000L * 400);
  }
}
