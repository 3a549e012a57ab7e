// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one discovery has found. It holds the last good answer: a failure is noted and changes
 * nothing, nor does an answer with more targets than the bound. Thread-safe.
 */
public final class DiscoveredTargets {

  private static final Logger log = LoggerFactory.getLogger(DiscoveredTargets.class);

  private static final String WHOLE = "";

  private final String kind;
  private final int maxTargets;
  private final DiscoveryMetrics metrics;
  private final Runnable changed;
  private final CountDownLatch answered = new CountDownLatch(1);
  private Map<String, List<TargetGroup>> bySource = new TreeMap<>();
  private int targets;
  private final Map<String, String> problems = new TreeMap<>();
  private long version;

  /**
   * @param changed called after each change, by the thread that brought it; be quick
   */
  DiscoveredTargets(String kind, int maxTargets, DiscoveryMetrics metrics, Runnable changed) {
    this.kind = kind;
    this.maxTargets = maxTargets;
    this.metrics = metrics;
    this.changed = changed;
  }

  /** A whole answer. */
  public void replaceAll(List<TargetGroup> groups) {
    replaceAll(Map.of("", groups));
  }

  /** A whole answer, by source. */
  public void replaceAll(Map<String, List<TargetGroup>> groups) {
    metrics.refreshes.labelValues(kind).inc();
    take(groups);
  }

  /** The answer of one source; those of the others stay. */
  public void replace(String source, List<TargetGroup> groups) {
    metrics.refreshes.labelValues(kind).inc();
    Map<String, List<TargetGroup>> all;
    synchronized (this) {
      all = new TreeMap<>(bySource);
    }
    if (groups.isEmpty()) {
      all.remove(source);
    } else {
      all.put(source, groups);
    }
    take(all);
  }

  private void take(Map<String, List<TargetGroup>> groups) {
    int count = 0;
    for (List<TargetGroup> list : groups.values()) {
      for (TargetGroup group : list) {
        count += group.targets().size();
      }
    }
    if (count > maxTargets) {
      failed(
          "it found "
              + count
              + " targets, more than the limit scraping.max_discovered_targets of "
              + maxTargets
              + " for one discovery");
      return;
    }
    boolean differs;
    synchronized (this) {
      differs = !groups.equals(bySource) || answered.getCount() > 0;
      bySource = new TreeMap<>(groups);
      targets = count;
      works(WHOLE);
      version += differs ? 1 : 0;
    }
    answered.countDown();
    if (differs) {
      changed.run();
    }
  }

  /** No answer, or none that can be used; the last good one stays. */
  public void failed(String why) {
    failed(WHOLE, why);
  }

  /** The same of one part of a discovery, until {@link #works} is said of it. */
  public void failed(String part, String why) {
    metrics.failures.labelValues(kind).inc();
    synchronized (this) {
      if (!why.equals(problems.put(part, why))) {
        log.warn("{} discovery keeps the targets it had: {}", kind, why);
      }
    }
    answered.countDown();
  }

  /** A part got its answer, whether it differs or not. */
  public synchronized void works(String part) {
    if (problems.remove(part) != null) {
      log.info("{} discovery works again", kind);
    }
  }

  /** The last good answer. */
  public synchronized List<TargetGroup> groups() {
    List<TargetGroup> all = new ArrayList<>();
    bySource.values().forEach(all::addAll);
    return all;
  }

  public synchronized int count() {
    return targets;
  }

  /** Why the answer is not of now; empty when it is. */
  public synchronized String problem() {
    return String.join("; ", problems.values());
  }

  /** Goes up with each change. */
  synchronized long version() {
    return version;
  }

  /** Waits for the first answer or failure. */
  boolean awaitAnswer(long nanos) throws InterruptedException {
    return answered.await(nanos, TimeUnit.NANOSECONDS);
  }
}
