// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.discovery.DirectoryWatch;
import io.skopos.ingest.scrape.config.ConfigException;
import io.skopos.ingest.scrape.config.PrometheusConfig;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.metrics.api.TargetsView;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Scrapes what a configuration says, for one tenant. {@link #apply} puts another configuration in
 * force; loops whose part of it did not change run on undisturbed. Thread-safe; what it shows never
 * waits for a change under way.
 */
public final class ScrapeService implements TargetsView, AutoCloseable {

  private final ScrapeContext context;
  private final String userAgent;
  private final ExecutorService httpTasks;
  private final DirectoryWatch watch = new DirectoryWatch(this::refresh);
  private final ReentrantLock changing = new ReentrantLock();
  private final Map<String, ScrapePool> pools = new ConcurrentSkipListMap<>();
  private volatile PrometheusConfig config = PrometheusConfig.EMPTY;
  private boolean closed;

  /**
   * @param oldestKeptMs the earliest time a sample may have (see {@code Ground.oldestKeptMs})
   * @param version of this program, for the User-Agent
   * @param waiting makes the threads that wait for turns and answers, one for each target
   */
  public ScrapeService(
      TenantId tenant,
      Intake intake,
      InstantSource clock,
      LongSupplier oldestKeptMs,
      ScrapeSettings settings,
      String version,
      ThreadFactory waiting,
      PrometheusRegistry registry) {
    int processors = Runtime.getRuntime().availableProcessors();
    ExecutorService parsing =
        Executors.newFixedThreadPool(
            processors, Thread.ofPlatform().daemon().name("scrape-parse-", 0).factory());
    this.context =
        new ScrapeContext(
            tenant,
            intake,
            clock,
            oldestKeptMs,
            settings,
            new ScrapeMetrics(registry),
            waiting,
            parsing,
            new ScrapeBuffers.Pool());
    this.userAgent = "Skopos/" + version;
    this.httpTasks = Executors.newThreadPerTaskExecutor(waiting);
    watch.start();
  }

  /**
   * Puts a configuration in force. When it cannot be (a TLS file is missing), the old one stays.
   *
   * @throws ConfigException saying why
   */
  public void apply(PrometheusConfig newConfig) throws ConfigException {
    changing.lock();
    try {
      if (!closed) {
        change(newConfig);
      }
    } finally {
      changing.unlock();
    }
  }

  private void change(PrometheusConfig newConfig) throws ConfigException {
    List<ScrapePool> fresh = new ArrayList<>();
    Set<String> jobs = new HashSet<>();
    for (ScrapeConfig scrape : newConfig.scrapeConfigs()) {
      jobs.add(scrape.jobName());
      ScrapePool running = pools.get(scrape.jobName());
      if (running == null || !running.config().scrapesLike(scrape)) {
        fresh.add(newPool(scrape, fresh));
      }
    }
    for (String job : List.copyOf(pools.keySet())) {
      if (!jobs.contains(job)) {
        stop(job, Set.of());
      }
    }
    for (ScrapePool pool : fresh) {
      String job = pool.config().jobName();
      pool.readTargets();
      Set<Labels> kept = new HashSet<>();
      pool.plan().targets().forEach(target -> kept.add(target.labels()));
      Map<Labels, List<Labels>> alive = stop(job, kept);
      pools.put(job, pool);
      pool.fitLoops(alive);
    }
    for (ScrapeConfig scrape : newConfig.scrapeConfigs()) {
      ScrapePool pool = pools.get(scrape.jobName());
      if (pool != null && !pool.config().equals(scrape)) {
        pool.retarget(scrape);
      }
    }
    config = newConfig;
    rewatch();
    countTargets();
  }

  private ScrapePool newPool(ScrapeConfig scrape, List<ScrapePool> begun) throws ConfigException {
    try {
      return new ScrapePool(context, scrape, userAgent, httpTasks);
    } catch (ScrapeFailure e) {
      begun.forEach(pool -> pool.stop(Set.of(), false));
      throw new ConfigException("job " + scrape.jobName() + ": " + e.getMessage(), e);
    }
  }

  /** Stops a job's loops; the series of the targets kept stay alive and are returned. */
  private Map<Labels, List<Labels>> stop(String job, Set<Labels> kept) {
    ScrapePool pool = pools.remove(job);
    return pool == null ? Map.of() : pool.stop(kept, true);
  }

  /** Reads the files of targets again. */
  private void refresh() {
    changing.lock();
    try {
      if (closed) {
        return;
      }
      for (ScrapePool pool : pools.values()) {
        if (!pool.config().files().isEmpty()) {
          pool.readTargets();
          pool.fitLoops(Map.of());
        }
      }
      rewatch();
      countTargets();
    } finally {
      changing.unlock();
    }
  }

  private void rewatch() {
    Set<Path> directories = new TreeSet<>();
    Duration interval = Duration.ofMinutes(5);
    for (ScrapePool pool : pools.values()) {
      directories.addAll(pool.directories());
      for (var files : pool.config().files()) {
        interval =
            files.refreshInterval().compareTo(interval) < 0 ? files.refreshInterval() : interval;
      }
    }
    watch.watch(directories, interval);
  }

  private void countTargets() {
    context.metrics().targets.set(pools.values().stream().mapToInt(p -> p.loops().size()).sum());
  }

  /** The configuration in force. */
  public PrometheusConfig config() {
    return config;
  }

  /** Files of targets whose last version is not used, with the reason. */
  public Map<Path, String> fileProblems() {
    Map<Path, String> problems = new TreeMap<>();
    pools.values().forEach(pool -> problems.putAll(pool.fileProblems()));
    return problems;
  }

  /**
   * The last scrapes of a target, newest first; empty when there is no such target.
   *
   * @param labels the target's, as {@link #active} gives them
   */
  public List<ScrapeResult> history(String scrapePool, Labels labels) {
    ScrapePool pool = pools.get(scrapePool);
    if (pool == null) {
      return List.of();
    }
    return pool.loops().stream()
        .filter(loop -> loop.target().labels().equals(labels))
        .findFirst()
        .map(ScrapeLoop::history)
        .orElse(List.of());
  }

  @Override
  public List<ActiveTarget> active(TenantId tenant) {
    List<ActiveTarget> active = new ArrayList<>();
    if (tenant.equals(context.tenant())) {
      pools.forEach((job, pool) ->
          pool.loops().stream()
              .map(loop -> active(job, loop))
              .sorted(Comparator.comparing(ActiveTarget::scrapeUrl))
              .forEach(active::add));
    }
    return active;
  }

  private static ActiveTarget active(String job, ScrapeLoop loop) {
    Target target = loop.target();
    List<ScrapeResult> history = loop.history();
    ScrapeResult last = history.isEmpty() ? null : history.getFirst();
    Health health = last == null ? Health.UNKNOWN : last.up() ? Health.UP : Health.DOWN;
    return new ActiveTarget(
        target.discovered(),
        target.labels(),
        job,
        target.url().toString(),
        globalUrl(target.url()),
        last == null ? "" : last.error(),
        last == null ? null : last.start(),
        last == null ? Duration.ZERO : last.duration(),
        health,
        target.interval(),
        target.timeout());
  }

  /** A target on this host is reachable from others by the host's name. */
  private static String globalUrl(URI url) {
    String host = url.getHost();
    boolean local = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    return local
        ? url.toString().replaceFirst(Pattern.quote(host), HostName.get())
        : url.toString();
  }

  @Override
  public List<DroppedTarget> dropped(TenantId tenant) {
    List<DroppedTarget> dropped = new ArrayList<>();
    if (tenant.equals(context.tenant())) {
      pools.forEach((job, pool) ->
          pool.plan().dropped().stream()
              .limit(context.settings().keptDroppedTargets())
              .forEach(labels -> dropped.add(new DroppedTarget(labels, job))));
    }
    return dropped;
  }

  @Override
  public Map<String, Integer> droppedCounts(TenantId tenant) {
    Map<String, Integer> counts = new TreeMap<>();
    if (tenant.equals(context.tenant())) {
      pools.forEach((job, pool) -> counts.put(job, pool.plan().dropped().size()));
    }
    return counts;
  }

  @Override
  public List<String> scrapePools(TenantId tenant) {
    return tenant.equals(context.tenant()) ? List.copyOf(pools.keySet()) : List.of();
  }

  /**
   * Stops all scrapes, without stale markers: the targets are not gone, we are. Scrapes under way
   * are given up.
   */
  @Override
  public void close() {
    watch.close();
    changing.lock();
    try {
      closed = true;
      pools.values().forEach(pool -> pool.stop(Set.of(), false));
      pools.clear();
    } finally {
      changing.unlock();
    }
    context.parsing().shutdown();
    httpTasks.shutdownNow();
  }
}
