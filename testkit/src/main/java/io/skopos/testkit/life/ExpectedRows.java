// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.life;

import io.skopos.model.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What each place (series and time) may hold: one text when all about it is known, several when a
 * write's or a deletion's fate is not. The empty text stands for no row.
 */
public final class ExpectedRows {

  public static final String NOTHING = "";

  /** What became of a write or a deletion. */
  public enum Fate {
    DONE,
    REFUSED,
    UNKNOWN
  }

  private final Map<String, TreeMap<Long, Set<String>>> possible = new TreeMap<>();
  private final Map<String, TreeMap<Long, Set<String>>> ever = new TreeMap<>();

  public void wrote(String series, long timeMs, String text, Fate fate) {
    Set<String> once = place(ever, series, timeMs);
    Set<String> now = place(possible, series, timeMs);
    switch (fate) {
      case DONE -> {
        once.add(text);
        now.clear();
        now.add(text);
      }
      case UNKNOWN -> {
        once.add(text);
        now.add(text);
      }
      case REFUSED -> {}
    }
  }

  private static Set<String> place(
      Map<String, TreeMap<Long, Set<String>>> map, String series, long timeMs) {
    return map.computeIfAbsent(series, any -> new TreeMap<>())
        .computeIfAbsent(timeMs, any -> new TreeSet<>(Set.of(NOTHING)));
  }

  /**
   * @param group a label's value that the series must have, as it stands in its text
   */
  public void deleted(String group, TimeRange range, Fate fate) {
    possible.forEach((series, places) -> {
      if (series.contains(group)) {
        places.forEach((timeMs, texts) -> {
          if (range.contains(timeMs) && fate != Fate.REFUSED) {
            if (fate == Fate.DONE) {
              texts.clear();
            }
            texts.add(NOTHING);
          }
        });
      }
    });
  }

  public int places() {
    return possible.values().stream().mapToInt(Map::size).sum();
  }

  /** A place with the wrong content. */
  public record Fault(String series, long timeMs, Set<String> possible, String found) {}

  /** Every place where the answer is none of what is possible. */
  public List<Fault> faults(Map<String, TreeMap<Long, String>> found) {
    List<Fault> faults = new ArrayList<>();
    possible.forEach((series, places) -> {
      Map<Long, String> own = found.getOrDefault(series, new TreeMap<>());
      places.forEach((timeMs, texts) -> {
        String text = own.getOrDefault(timeMs, NOTHING);
        if (!texts.contains(text)) {
          faults.add(new Fault(series, timeMs, texts, text));
        }
      });
    });
    found.forEach((series, samples) -> {
      Map<Long, Set<String>> own = possible.getOrDefault(series, new TreeMap<>());
      samples.forEach((timeMs, text) -> {
        if (!own.containsKey(timeMs)) {
          faults.add(new Fault(series, timeMs, Set.of(NOTHING), text));
        }
      });
    });
    return faults;
  }

  /** Whether the place held this at any time, or nothing. */
  public boolean wasEver(Fault fault) {
    Set<String> texts = ever.getOrDefault(fault.series(), new TreeMap<>()).get(fault.timeMs());
    return texts != null && texts.contains(fault.found());
  }
}
