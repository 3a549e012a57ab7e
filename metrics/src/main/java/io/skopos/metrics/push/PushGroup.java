// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A group as it stands: the pushes that made it, as they came, and the families they leave.
 * Immutable.
 *
 * @param labels the grouping key
 * @param failedMs time of the last push that was refused; 0 for none
 */
record PushGroup(Labels labels, List<Push> pushes, Map<String, Pushed> families, long failedMs) {

  /** A body and the families of it that later pushes have not replaced. */
  record Push(long timeMs, ExpositionFormat format, byte[] body, Set<String> families) {}

  /** A family and when it was pushed. */
  record Pushed(long timeMs, PushedBody.Family family) {}

  static PushGroup empty(Labels labels) {
    return new PushGroup(labels, List.of(), Map.of(), 0);
  }

  /** Of what was read again after a restart. */
  static PushGroup restored(Labels labels, List<Push> pushes, long failedMs) {
    Map<String, Pushed> families = new TreeMap<>();
    for (Push push : pushes) {
      PushedBody.read(push.format(), push.body(), push.body().length, labels)
          .forEach((name, family) -> {
            if (push.families().contains(name)) {
              families.put(name, new Pushed(push.timeMs(), family));
            }
          });
    }
    return new PushGroup(labels, pushes, families, failedMs);
  }

  /**
   * The group after a push.
   *
   * @param replaceAll whether families that are not pushed go, too (PUT)
   */
  PushGroup with(
      long timeMs,
      ExpositionFormat format,
      byte[] body,
      Map<String, PushedBody.Family> pushed,
      boolean replaceAll) {
    List<Push> left = new ArrayList<>();
    Map<String, Pushed> all = new TreeMap<>();
    if (!replaceAll) {
      all.putAll(families);
      for (Push push : pushes) {
        Set<String> kept = new TreeSet<>(push.families());
        kept.removeAll(pushed.keySet());
        if (!kept.isEmpty()) {
          left.add(new Push(push.timeMs(), push.format(), push.body(), kept));
        }
      }
    }
    left.add(new Push(timeMs, format, body, new TreeSet<>(pushed.keySet())));
    pushed.forEach((name, family) -> all.put(name, new Pushed(timeMs, family)));
    return new PushGroup(labels, List.copyOf(left), all, failedMs);
  }

  PushGroup failedAt(long timeMs) {
    return new PushGroup(labels, pushes, families, timeMs);
  }

  /** Time of the last push that was taken. */
  long pushedMs() {
    return pushes.isEmpty() ? 0 : pushes.getLast().timeMs();
  }

  int seriesCount() {
    return families.values().stream().mapToInt(pushed -> pushed.family().samples().size()).sum();
  }

  /** Series of this group that the other, later one has no more. */
  Collection<Labels> seriesNotIn(PushGroup later) {
    Set<Labels> gone = new HashSet<>(series());
    gone.removeAll(later.series());
    return gone;
  }

  Set<Labels> series() {
    Set<Labels> series = new HashSet<>();
    families
        .values()
        .forEach(
            pushed -> pushed.family().samples().forEach(sample -> series.add(sample.labels())));
    return series;
  }
}
