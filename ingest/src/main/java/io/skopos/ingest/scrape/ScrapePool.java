// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.discovery.Discoveries;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.model.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The targets of one scrape config and their loops. Only one thread at a time changes it; what it
 * shows may be read by any.
 */
final class ScrapePool {

  private static final Logger log = LoggerFactory.getLogger(ScrapePool.class);

  private final ScrapeContext context;
  private final Relabelling metricRelabelling;
  private final Discoveries discoveries;
  private final TargetFetch fetch;
  private final Map<Target.Identity, ScrapeLoop> loops = new ConcurrentHashMap<>();
  private volatile ScrapeConfig config;
  private volatile TargetPlan plan = TargetPlan.NONE;
  private volatile Relabelling relabelling;
  private long discoveriesRead = -1;
  private List<String> reportedProblems = List.of();

  ScrapePool(
      ScrapeContext context, ScrapeConfig config, Discoveries discoveries, HttpClient client) {
    this.context = context;
    this.config = config;
    this.relabelling = new Relabelling(config.relabelRules());
    this.metricRelabelling = new Relabelling(config.metricRelabelRules());
    this.discoveries = discoveries;
    this.fetch = new TargetFetch(config, client);
  }

  /** Takes another way to its targets; how they are scraped must be the same. */
  void retarget(ScrapeConfig newConfig) {
    relabelling = new Relabelling(newConfig.relabelRules());
    config = newConfig;
    readTargets();
    fitLoops(Map.of());
  }

  ScrapeConfig config() {
    return config;
  }

  TargetPlan plan() {
    return plan;
  }

  /** What each rule makes of a discovered target. */
  List<Relabelling.Step> relabelSteps(Labels discovered) {
    return relabelling.steps(discovered);
  }

  Collection<ScrapeLoop> loops() {
    return loops.values();
  }

  /** Whether its discoveries have found something else since it read the targets last. */
  boolean isOutdated() {
    return discoveries.version(config.discoveries()) != discoveriesRead;
  }

  /** Works out which targets there are now. */
  void readTargets() {
    discoveriesRead = discoveries.version(config.discoveries());
    List<TargetGroup> groups = new ArrayList<>(config.staticGroups());
    for (DiscoverySettings discovery : config.discoveries()) {
      groups.addAll(discoveries.groups(discovery));
    }
    plan = TargetPlan.of(config, relabelling, groups, keptDropped());
    if (!plan.problems().equals(reportedProblems)) {
      plan.problems().forEach(problem -> log.warn("job {}: {}", config.jobName(), problem));
      reportedProblems = plan.problems();
    }
  }

  private int keptDropped() {
    int own = context.settings().keptDroppedTargets();
    return config.keepDroppedTargets() == 0 ? own : config.keepDroppedTargets();
  }

  /**
   * Starts and stops loops to fit the targets read last.
   *
   * @param inherited by target, the series that loops of a former pool left alive
   */
  void fitLoops(Map<Labels, List<Labels>> inherited) {
    Map<Target.Identity, Target> wanted = new HashMap<>();
    plan.targets().forEach(target -> wanted.put(target.identity(), target));
    List<ScrapeLoop> gone = new ArrayList<>();
    loops
        .entrySet()
        .removeIf(entry -> {
          boolean unwanted = !wanted.containsKey(entry.getKey());
          if (unwanted) {
            gone.add(entry.getValue());
          }
          return unwanted;
        });
    // A target whose labels stay the same (another URL, interval) hands its series over.
    Map<Labels, List<Labels>> handedOver = new HashMap<>(inherited);
    for (ScrapeLoop loop : gone) {
      Labels labels = loop.target().labels();
      boolean replaced = plan.targets().stream().anyMatch(t -> t.labels().equals(labels));
      loop.stop(!replaced);
    }
    for (ScrapeLoop loop : gone) {
      awaitEnd(loop);
      handedOver.merge(
          loop.target().labels(),
          loop.alive(),
          (one, two) -> {
            List<Labels> both = new ArrayList<>(one);
            both.addAll(two);
            return both;
          });
    }
    Map<Target.Identity, ScrapeLoop> started = new HashMap<>();
    for (Map.Entry<Target.Identity, Target> entry : wanted.entrySet()) {
      ScrapeLoop running = loops.get(entry.getKey());
      if (running != null) {
        running.rediscovered(entry.getValue());
        continue;
      }
      List<Labels> alive = handedOver.remove(entry.getKey().labels());
      ScrapeLoop loop =
          new ScrapeLoop(
              context,
              config,
              metricRelabelling,
              fetch,
              entry.getValue(),
              alive == null ? List.of() : alive);
      started.put(entry.getKey(), loop);
    }
    loops.putAll(started);
    forceLimit();
    started.values().forEach(ScrapeLoop::start);
  }

  private void forceLimit() {
    int limit = config.limits().targets();
    int count = plan.targets().size();
    String error =
        limit > 0 && count > limit
            ? "target_limit exceeded: the job has " + count + " targets, the limit is " + limit
            : "";
    loops.values().forEach(loop -> loop.forceError(error));
  }

  /**
   * Stops all loops. Those whose target labels are kept leave their series alive.
   *
   * @return the series left alive, by target
   */
  Map<Labels, List<Labels>> stop(Set<Labels> kept, boolean staleMarkers) {
    for (ScrapeLoop loop : loops.values()) {
      loop.stop(staleMarkers && !kept.contains(loop.target().labels()));
    }
    Map<Labels, List<Labels>> alive = new HashMap<>();
    for (ScrapeLoop loop : loops.values()) {
      awaitEnd(loop);
      alive
          .computeIfAbsent(loop.target().labels(), labels -> new ArrayList<>())
          .addAll(loop.alive());
    }
    loops.clear();
    fetch.close();
    return alive;
  }

  private static void awaitEnd(ScrapeLoop loop) {
    boolean interrupted = false;
    while (true) {
      try {
        loop.awaitEnd();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
