// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.discovery.FileTargets;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.ingest.scrape.config.FileDiscoverySettings;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.ingest.scrape.config.TargetGroup;
import io.skopos.model.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
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
  private final HttpFetcher fetcher;
  private final Map<Target.Identity, ScrapeLoop> loops = new ConcurrentHashMap<>();
  private volatile ScrapeConfig config;
  private volatile TargetPlan plan = new TargetPlan(List.of(), List.of(), List.of());
  private volatile Map<Path, String> fileProblems = Map.of();
  private Relabelling relabelling;
  private List<FileTargets> fileTargets;
  private List<String> reportedProblems = List.of();

  ScrapePool(
      ScrapeContext context, ScrapeConfig config, String userAgent, ExecutorService httpTasks)
      throws ScrapeFailure {
    this.context = context;
    this.config = config;
    this.relabelling = new Relabelling(config.relabelRules());
    this.metricRelabelling = new Relabelling(config.metricRelabelRules());
    this.fetcher = new HttpFetcher(config.http(), config.compression(), userAgent, httpTasks);
    this.fileTargets = config.files().stream().map(FileTargets::new).toList();
  }

  /** Takes another way to its targets; how they are scraped must be the same. */
  void retarget(ScrapeConfig newConfig) {
    if (!newConfig.files().equals(config.files())) {
      fileTargets = newConfig.files().stream().map(FileTargets::new).toList();
    }
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

  Collection<ScrapeLoop> loops() {
    return loops.values();
  }

  /** The directories its files lie in. */
  Set<Path> directories() {
    Set<Path> directories = new TreeSet<>();
    for (FileDiscoverySettings files : config.files()) {
      for (Path file : files.files()) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
          directories.add(parent);
        }
      }
    }
    return directories;
  }

  /** Files whose last version is not used, with the reason. */
  Map<Path, String> fileProblems() {
    return fileProblems;
  }

  /** Reads the files and works out which targets there are now. */
  void readTargets() {
    List<TargetGroup> groups = new ArrayList<>(config.staticGroups());
    Map<Path, String> problems = new HashMap<>();
    for (FileTargets targets : fileTargets) {
      targets.refresh();
      problems.putAll(targets.problems());
      groups.addAll(targets.groups());
    }
    fileProblems = Map.copyOf(problems);
    context.metrics().discoveryProblems.inc(problems.size());
    plan = TargetPlan.of(config, relabelling, groups);
    if (!plan.problems().equals(reportedProblems)) {
      plan.problems().forEach(problem -> log.warn("job {}: {}", config.jobName(), problem));
      reportedProblems = plan.problems();
    }
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
              fetcher,
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
    fetcher.close();
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
