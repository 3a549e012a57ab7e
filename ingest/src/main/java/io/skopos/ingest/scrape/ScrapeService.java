// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.discovery.Discoveries;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.DiscoveryUpdates;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.http.HttpThreads;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.ingest.scrape.config.PrometheusConfig;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.metrics.api.TargetsView;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Scrapes what a configuration says, for one tenant. {@link #apply} puts another configuration in
 * force; loops whose part of it did not change run on undisturbed. Thread-safe; what it shows never
 * waits for a change under way.
 */
public final class ScrapeService implements TargetsView, AutoCloseable {

  /** How long a reload waits for what its new discoveries find, so that running jobs go on. */
  private static final Duration FIRST_ANSWERS = Duration.ofSeconds(5);

  private final ScrapeContext context;
  private final String userAgent;
  private final HttpThreads http;
  private final Discoveries discoveries;
  private final DiscoveryUpdates updates = new DiscoveryUpdates(this::refresh);
  private final ReentrantLock changing = new ReentrantLock();
  private final List<OwnSource> own = new CopyOnWriteArrayList<>();
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
    this.http = new HttpThreads(waiting);
    this.discoveries =
        new Discoveries(
            new DiscoveryContext(http, userAgent, waiting, settings.maxDiscoveredTargets()),
            "skopos_ingest",
            registry,
            updates::wake);
    updates.start();
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
    Set<DiscoverySettings> wanted = new HashSet<>();
    try {
      for (ScrapeConfig scrape : newConfig.scrapeConfigs()) {
        jobs.add(scrape.jobName());
        wanted.addAll(scrape.discoveries());
        ScrapePool running = pools.get(scrape.jobName());
        if (running == null || !running.config().scrapesLike(scrape)) {
          fresh.add(newPool(scrape));
        }
      }
      awaitTargets(newConfig, discoveries.start(wanted));
    } catch (ConfigException e) {
      fresh.forEach(pool -> pool.stop(Set.of(), false));
      throw e;
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
    discoveries.retain(wanted);
    config = newConfig;
    countTargets();
  }

  /** A job that runs would lose its targets until its changed discovery has answered. */
  private void awaitTargets(PrometheusConfig newConfig, Set<DiscoverySettings> started) {
    Set<DiscoverySettings> ofRunning = new HashSet<>(started);
    ofRunning.removeIf(settings ->
        newConfig.scrapeConfigs().stream()
            .noneMatch(scrape ->
                pools.containsKey(scrape.jobName()) && scrape.discoveries().contains(settings)));
    try {
      discoveries.awaitAnswers(ofRunning, FIRST_ANSWERS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ScrapePool newPool(ScrapeConfig scrape) throws ConfigException {
    try {
      return new ScrapePool(
          context, scrape, discoveries, new HttpClient(scrape.http(), http, userAgent));
    } catch (FetchFailure e) {
      throw new ConfigException("job " + scrape.jobName() + ": " + e.getMessage(), e);
    }
  }

  /** Stops a job's loops; the series of the targets kept stay alive and are returned. */
  private Map<Labels, List<Labels>> stop(String job, Set<Labels> kept) {
    ScrapePool pool = pools.remove(job);
    return pool == null ? Map.of() : pool.stop(kept, true);
  }

  /** Discoveries have found something else. */
  private void refresh() {
    changing.lock();
    try {
      if (closed) {
        return;
      }
      for (ScrapePool pool : pools.values()) {
        if (pool.isOutdated()) {
          pool.readTargets();
          pool.fitLoops(Map.of());
        }
      }
      countTargets();
    } finally {
      changing.unlock();
    }
  }

  private void countTargets() {
    context.metrics().targets.set(pools.values().stream().mapToInt(p -> p.loops().size()).sum());
  }

  /** The configuration in force. */
  public PrometheusConfig config() {
    return config;
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
    ofTenant(tenant).forEach(source -> active.add(own(source)));
    active.sort(Comparator.comparing(ActiveTarget::scrapePool));
    return active;
  }

  private static ActiveTarget own(OwnSource source) {
    ScrapeResult last = source.last();
    Health health = last == null ? Health.UNKNOWN : last.up() ? Health.UP : Health.DOWN;
    return new ActiveTarget(
        source.labels(),
        source.labels(),
        source.pool(),
        source.url(),
        source.url(),
        last == null ? "" : last.error(),
        last == null ? null : last.start(),
        last == null ? Duration.ZERO : last.duration(),
        health,
        source.interval(),
        source.interval());
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
          pool.plan().dropped().forEach(labels -> dropped.add(new DroppedTarget(labels, job))));
    }
    return dropped;
  }

  @Override
  public Map<String, Integer> droppedCounts(TenantId tenant) {
    Map<String, Integer> counts = new TreeMap<>();
    if (tenant.equals(context.tenant())) {
      pools.forEach((job, pool) -> counts.put(job, pool.plan().droppedCount()));
    }
    return counts;
  }

  @Override
  public List<String> scrapePools(TenantId tenant) {
    Set<String> names = new TreeSet<>();
    if (tenant.equals(context.tenant())) {
      names.addAll(pools.keySet());
    }
    ofTenant(tenant).forEach(source -> names.add(source.pool()));
    return List.copyOf(names);
  }

  /** Shows what the server records by itself beside what it scrapes. */
  public void show(OwnSource source) {
    own.add(source);
  }

  private List<OwnSource> ofTenant(TenantId tenant) {
    return own.stream().filter(source -> source.tenant().equals(tenant)).toList();
  }

  @Override
  public List<TargetMetadata> metadata(
      TenantId tenant, Predicate<Labels> targets, String metric, int limit) {
    List<TargetMetadata> found = new ArrayList<>();
    if (!tenant.equals(context.tenant())) {
      return found;
    }
    for (ScrapePool pool : pools.values()) {
      for (ScrapeLoop loop : pool.loops()) {
        Labels labels = loop.target().labels();
        if (!targets.test(labels)) {
          continue;
        }
        for (Map.Entry<String, MetricMetadata> family : new TreeMap<>(loop.families()).entrySet()) {
          if (metric.isEmpty() || metric.equals(family.getKey())) {
            if (found.size() >= limit) {
              return found;
            }
            found.add(new TargetMetadata(labels, family.getKey(), family.getValue()));
          }
        }
      }
    }
    return found;
  }

  @Override
  public @Nullable List<RelabelStep> relabelSteps(
      TenantId tenant, String scrapePool, Labels discovered) {
    ScrapePool pool = tenant.equals(context.tenant()) ? pools.get(scrapePool) : null;
    return pool == null
        ? null
        : pool.relabelSteps(discovered).stream().map(ScrapeService::shown).toList();
  }

  private static RelabelStep shown(Relabelling.Step step) {
    RelabelRule rule = step.rule();
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("separator", rule.separator());
    keys.put("regex", rule.regex());
    if (!rule.targetLabel().isEmpty()) {
      keys.put("target_label", rule.targetLabel());
    }
    keys.put("replacement", rule.replacement());
    keys.put("action", rule.action().key());
    return new RelabelStep(rule.sourceLabels(), keys, rule.modulus(), step.output(), step.keep());
  }

  @Override
  public List<TargetHistory> histories(TenantId tenant) {
    List<TargetHistory> all = new ArrayList<>();
    if (tenant.equals(context.tenant())) {
      pools.forEach((job, pool) ->
          pool.loops().stream()
              .map(loop ->
                  new TargetHistory(
                      job,
                      loop.target().labels(),
                      loop.target().url().toString(),
                      loop.history().stream().map(ScrapeResult::shown).toList()))
              .sorted(Comparator.comparing(TargetHistory::scrapeUrl))
              .forEach(all::add));
    }
    ofTenant(tenant)
        .forEach(source ->
            all.add(
                new TargetHistory(
                    source.pool(),
                    source.labels(),
                    source.url(),
                    source.history().stream().map(ScrapeResult::shown).toList())));
    all.sort(Comparator.comparing(TargetHistory::scrapePool));
    return all;
  }

  @Override
  public List<DiscoveryState> discoveries(TenantId tenant) {
    if (!tenant.equals(context.tenant())) {
      return List.of();
    }
    return discoveries.status().stream()
        .map(one -> new DiscoveryState(one.kind(), one.targets(), one.problem()))
        .toList();
  }

  /**
   * Stops all scrapes, without stale markers: the targets are not gone, we are. Scrapes under way
   * are given up.
   */
  @Override
  public void close() {
    updates.close();
    changing.lock();
    try {
      closed = true;
      pools.values().forEach(pool -> pool.stop(Set.of(), false));
      pools.clear();
      discoveries.close();
    } finally {
      changing.unlock();
    }
    context.parsing().shutdown();
    http.close();
  }
}
