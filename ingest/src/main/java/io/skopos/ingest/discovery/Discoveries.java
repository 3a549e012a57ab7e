// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.yaml.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The discoveries that run, one for each distinct setting, however many jobs ask for it. Changed by
 * one thread at a time, read by any.
 */
public final class Discoveries implements AutoCloseable {

  private final DiscoveryContext context;
  private final DiscoveryMetrics metrics;
  private final Runnable changed;
  private final Map<DiscoverySettings, Running> running = new ConcurrentHashMap<>();

  private record Running(Discovery discovery, DiscoveredTargets targets) {}

  /**
   * What one discovery does at the moment.
   *
   * @param problem why its targets are not of now; empty when they are
   */
  public record Status(String kind, int targets, String problem) {}

  /**
   * @param prefix of the names of their metrics
   * @param changed called by discoveries' threads when targets changed; be quick
   */
  public Discoveries(
      DiscoveryContext context, String prefix, PrometheusRegistry registry, Runnable changed) {
    this.context = context;
    this.changed = changed;
    this.metrics = new DiscoveryMetrics(prefix, registry, this::targetsByKind, this::failingByKind);
  }

  /**
   * Starts those of {@code wanted} that do not run yet; when one cannot start, none does.
   *
   * @return those started
   */
  public Set<DiscoverySettings> start(Collection<DiscoverySettings> wanted) throws ConfigException {
    Map<DiscoverySettings, Running> fresh = new HashMap<>();
    for (DiscoverySettings settings : new HashSet<>(wanted)) {
      if (running.containsKey(settings)) {
        continue;
      }
      DiscoveredTargets targets =
          new DiscoveredTargets(settings.kind(), context.maxTargets(), metrics, changed);
      try {
        fresh.put(settings, new Running(settings.start(context, targets), targets));
      } catch (ConfigException e) {
        fresh.values().forEach(begun -> begun.discovery.close());
        throw e;
      }
    }
    running.putAll(fresh);
    return fresh.keySet();
  }

  /** Stops all others. */
  public void retain(Set<DiscoverySettings> wanted) {
    running
        .entrySet()
        .removeIf(entry -> {
          boolean unwanted = !wanted.contains(entry.getKey());
          if (unwanted) {
            entry.getValue().discovery.close();
          }
          return unwanted;
        });
  }

  /** Waits for the first answers, but not for ever. */
  public void awaitAnswers(Collection<DiscoverySettings> of, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (DiscoverySettings settings : of) {
      Running one = running.get(settings);
      if (one != null && !one.targets.awaitAnswer(end - System.nanoTime())) {
        return;
      }
    }
  }

  /** What was found last; empty when no such discovery runs. */
  public List<TargetGroup> groups(DiscoverySettings settings) {
    Running one = running.get(settings);
    return one == null ? List.of() : one.targets.groups();
  }

  /** Goes up whenever one of these finds something else. */
  public long version(Collection<DiscoverySettings> of) {
    long version = 0;
    for (DiscoverySettings settings : of) {
      @Nullable Running one = running.get(settings);
      version += one == null ? 0 : one.targets.version();
    }
    return version;
  }

  public List<Status> status() {
    List<Status> all = new ArrayList<>();
    running.forEach((settings, one) ->
        all.add(new Status(settings.kind(), one.targets.count(), one.targets.problem())));
    return all;
  }

  private Map<String, Integer> targetsByKind() {
    Map<String, Integer> counts = new TreeMap<>();
    status().forEach(one -> counts.merge(one.kind, one.targets, Integer::sum));
    return counts;
  }

  private Map<String, Integer> failingByKind() {
    Map<String, Integer> counts = new TreeMap<>();
    status().forEach(one -> counts.merge(one.kind, one.problem.isEmpty() ? 0 : 1, Integer::sum));
    return counts;
  }

  @Override
  public void close() {
    retain(Set.of());
  }
}
