// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.Batch;
import io.skopos.storage.Sharding;
import io.skopos.storage.SignalStore;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.part.Parts;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a program of life and death needs to know of a wing: its store, and rows as text. */
public interface LifeWing<S extends SignalStore> {

  /** The label by whose values rows are deleted: {@code g0} and so on, of all rows. */
  String GROUP = "group";

  int GROUPS = 3;

  S open(
      Sharding sharding,
      Parts parts,
      Manifests manifests,
      MemoryBudget memory,
      PrometheusRegistry registry);

  /** Some rows about now, late ones and ones of other days among them; the clock goes on a bit. */
  Filled fill(Random random, AtomicLong nowMs);

  /**
   * A row at each of the times.
   *
   * @param number tells the rows of different calls apart
   */
  Filled fill(int number, long[] timesMs);

  /** What a question to everything of {@link StoreLife#TENANT} answers. */
  Answer read(S store);

  /** A question that is not over until it is closed. */
  AutoCloseable ask(S store) throws Exception;

  /** Whose memory may be charged still when the store is closed, and how much of it. */
  Map<String, Long> keptMemory();

  /** A row as text: nothing of it is missing here. */
  record Row(String series, long timeMs, String text) {}

  /**
   * A batch and what it holds; a later row takes the place of an earlier one with the same series
   * and time.
   */
  record Filled(Batch batch, List<Row> rows) {}

  /** Rows as text by series and time, and what the answer says it is missing. */
  record Answer(Map<String, TreeMap<Long, String>> rows, List<String> warnings) {

    /** Adds a row that must not be there yet. */
    public void add(Row row) {
      String before =
          rows.computeIfAbsent(row.series(), _ -> new TreeMap<>()).put(row.timeMs(), row.text());
      if (before != null) {
        throw new AssertionError(row.series() + " has two rows at " + row.timeMs());
      }
    }
  }
}
