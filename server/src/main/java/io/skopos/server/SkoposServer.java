// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.buckets.BucketObjectStore;
import io.skopos.buckets.ObjectStores;
import io.skopos.events.EventStore;
import io.skopos.events.api.EventRoutes;
import io.skopos.ingest.collect.CollectRoutes;
import io.skopos.ingest.collect.Collector;
import io.skopos.ingest.host.HostMetrics;
import io.skopos.ingest.intake.LimitedIntake;
import io.skopos.ingest.intake.ha.Deduplication;
import io.skopos.ingest.intake.ha.HaRoutes;
import io.skopos.ingest.otlp.OtlpEndpoint;
import io.skopos.ingest.otlp.OtlpLogsEndpoint;
import io.skopos.ingest.rates.LogRates;
import io.skopos.ingest.scrape.ScrapeService;
import io.skopos.logs.api.LokiApi;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.rates.LineRates;
import io.skopos.logs.receive.LogReceiveApi;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.LogStore;
import io.skopos.metrics.api.PrometheusApi;
import io.skopos.metrics.language.PromqlEngine;
import io.skopos.metrics.push.PushEndpoints;
import io.skopos.metrics.push.PushedGroups;
import io.skopos.metrics.receive.LineListeners;
import io.skopos.metrics.receive.ReceiveApi;
import io.skopos.metrics.store.MetricsStore;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.server.access.AuditEvents;
import io.skopos.server.access.LocalAccess;
import io.skopos.server.access.TokenRoutes;
import io.skopos.server.access.TokenStore;
import io.skopos.server.config.ConfigException;
import io.skopos.server.config.ConfigProblem;
import io.skopos.server.config.LoadedConfig;
import io.skopos.server.config.RetentionRules;
import io.skopos.server.config.SkoposConfig;
import io.skopos.server.imported.ImportedBucket;
import io.skopos.server.self.JvmOwnMetrics;
import io.skopos.server.self.OwnMetrics;
import io.skopos.server.self.ProcessView;
import io.skopos.server.self.SelfMetrics;
import io.skopos.server.self.SelfScrape;
import io.skopos.server.self.StatusPage;
import io.skopos.server.tenants.LimitsPage;
import io.skopos.server.tenants.TenantSettings;
import io.skopos.server.ui.UiFiles;
import io.skopos.serving.query.QueryCapacity;
import io.skopos.serving.query.QueryListEndpoints;
import io.skopos.storage.BucketUse;
import io.skopos.storage.Ground;
import io.skopos.storage.Intake;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.retention.SelectorRetention;
import io.skopos.web.ErrorShape;
import io.skopos.web.Readiness;
import io.skopos.web.Reloadable;
import io.skopos.web.Routes;
import io.skopos.web.WebServer;
import io.skopos.web.access.Right;
import io.skopos.web.access.TokenLookup;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.ReceiveStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.SignalHandler;

/**
 * A running server: every room, wired once. Started from the ground up, stopped from the top down:
 * first no more requests and scrapes, then the ground, which applies and flushes what it took.
 */
public final class SkoposServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SkoposServer.class);

  private final ServerOptions options;
  private final InstantSource clock = InstantSource.system();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Readiness readiness = new Readiness();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final ReentrantLock changing = new ReentrantLock();

  /** In the order of their start; closed in the opposite one. */
  private final Deque<Closing> started = new ArrayDeque<>();

  // Set by run, before anything can ask for them.
  @SuppressWarnings("NullAway.Init")
  private ProcessView process;

  @SuppressWarnings("NullAway.Init")
  private ScrapeService scraping;

  @SuppressWarnings("NullAway.Init")
  private OtlpEndpoint otlp;

  @SuppressWarnings("NullAway.Init")
  private TenantSettings tenants;

  @SuppressWarnings("NullAway.Init")
  private Deduplication deduplication;

  @SuppressWarnings("NullAway.Init")
  private WebServer web;

  private volatile @Nullable Collector collector;

  private boolean closed;

  /** A part of the server that must be stopped. */
  private record Closing(String name, AutoCloseable part) {}

  private SkoposServer(ServerOptions options) {
    this.options = options;
  }

  private void run(LoadedConfig loaded) throws IOException, ConfigException {
    SkoposConfig config = loaded.skopos();
    JvmOwnMetrics.register(registry);
    started("old garbage", new OldGarbage()).start();
    MemoryBudget memory = new MemoryBudget(ProcessMemory.offHeapBytes());
    Ground ground =
        started(
            "storage",
            Ground.open(
                options.data(),
                config.storage(),
                bucket(config.storage().objectStore()),
                new RealDisk(),
                clock,
                memory,
                registry));
    process = new ProcessView(loaded, options.flags(), ground, ProcessMemory.budgetBytes(), clock);

    MetricsStore metrics =
        new MetricsStore(ground.sharding(), ground.parts(), ground.manifests(), memory, registry);
    tenants = new TenantSettings(loaded);
    LineRates lines =
        new LineRates(
            tenants::logs, ground.documents(), ground.sharding().shardCount(), clock, registry);
    LogStore logs =
        new LogStore(
            ground.sharding(), ground.parts(), ground.manifests(), memory, lines, registry);
    SampleSource samples = metrics;
    ImportedBucket imported = null;
    if (config.importBucket().objectStore().type() != ObjectStoreConfig.Type.NONE) {
      imported =
          started(
              "imported bucket",
              ImportedBucket.open(
                  config.importBucket(), options.data(), ground.pages(), clock, registry));
      samples = imported.beside(metrics);
    }
    EventStore events = new EventStore(ground.parts(), ground.manifests(), ground.sharding());
    ground.retentionOf(tenants::retention);
    SelectorRetention retentionRules =
        started(
            "retention rules",
            new SelectorRetention(
                ground, tenants::retention, RetentionRules::matchers, clock, registry));
    metrics.hide(retentionRules);
    logs.hide(retentionRules);
    deduplication =
        started(
            "deduplication",
            new Deduplication(TenantSettings.ha(loaded), ground.documents(), clock, registry));
    LimitedIntake intake =
        new LimitedIntake(
            ground,
            tenants::intake,
            tenants::logs,
            config.intake().tenants(),
            deduplication,
            clock,
            registry);
    Intake ownIntake = intake.ofOwnSources();
    TenantId ownTenant = new TenantId(config.selfMonitoring().tenant());
    scraping =
        started(
            "scraping",
            new ScrapeService(
                ownTenant,
                ownIntake,
                clock,
                () -> ground.oldestKeptMs(ownTenant, Signal.METRICS),
                config.scraping(),
                BuildInfo.current().version(),
                config.web().handlerThreads().factory("scrape-"),
                registry));

    TokenStore tokens = started("tokens", new TokenStore(ground.documents(), clock));
    LocalAccess local = started("local access", new LocalAccess(options.data()));
    AuditEvents audit =
        started("audit", new AuditEvents(events, intake, ownTenant, clock, registry));

    Routes routes = new Routes();
    Receipts receipts = new Receipts(clock, registry);
    new TokenRoutes(tokens, clock).register(routes);
    QueryCapacity capacity =
        started(
            "queries",
            new QueryCapacity(config.query().threads(), config.query().queue(), registry));
    PrometheusApi prometheus =
        new PrometheusApi(
            config.query(),
            samples,
            new PromqlEngine(samples),
            intake,
            scraping,
            process,
            clock,
            receipts,
            capacity,
            registry);
    prometheus.limitsOf(tenant -> tenants.query(tenant).limits());
    prometheus.register(routes);
    new QueryListEndpoints(capacity).register(routes);
    LokiApi loki =
        new LokiApi(
            logs,
            new LogqlEngine(logs),
            intake,
            tenants::logs,
            capacity,
            config.query().limits(),
            config.web().handlerThreads().factory("tail-"),
            clock,
            registry);
    loki.limitsOf(tenant -> tenants.query(tenant).limits());
    loki.register(routes);
    intake.onAppended((tenant, batch) -> {
      if (batch instanceof LogBatch entries) {
        loki.appended(tenant, entries);
      }
    });
    new LimitsPage(tenants, tenant -> used(tenant, intake, capacity)).register(routes);
    new EventRoutes(events, intake, clock).register(routes);
    new ReceiveStatus(receipts).register(routes.family(ErrorShape.JSON, Right.READ));
    otlp = new OtlpEndpoint(intake, receipts, clock);
    otlp.apply(loaded.prometheus().otlp());
    otlp.register(routes);
    new ReceiveApi(intake, receipts, clock).register(routes);
    new OtlpLogsEndpoint(intake, receipts, tenants::logs, clock).register(routes);
    new LogReceiveApi(intake, receipts, tenants::logs, clock).register(routes);
    PushedGroups pushed =
        new PushedGroups(config.push(), ground.documents(), ownTenant, intake, clock, registry);
    new PushEndpoints(pushed, receipts).register(routes);
    new HaRoutes(deduplication.elections(), clock).register(routes);
    OwnMetrics own = new OwnMetrics(registry);
    own.register(routes);
    new StatusPage(ground, memory, process, imported).register(routes);
    new ControlRoutes(this::reload, ground::flush).register(routes);
    CollectRoutes collectRoutes = new CollectRoutes();
    collectRoutes.register(routes);
    UiFiles.load().register(routes);
    SelfMetrics.register(registry, process, memory);

    // Listens before the log is replayed, so that /-/ready can say how far it is.
    readiness.starting("replaying the log");
    web =
        new WebServer(
            config.web(), routes, readiness, registry, TokenLookup.either(local, tokens), audit);
    web.start();
    started("web", web);
    ground.directory().listening(addresses());
    WebServer.OwnAddress ownAddress = web.ownAddress();
    if (ownAddress != null) {
      local.open(ownAddress.url(), ownAddress.certificate());
    }
    ReplayReport replay = ground.start(List.of(metrics, logs, events.rows()));
    log.atInfo()
        .addKeyValue("frames", replay.frames())
        .addKeyValue("rows", replay.rows())
        .addKeyValue("seconds", replay.seconds())
        .log("log replayed");
    audit.start();
    if (ground.isReadOnly()) {
      readiness.ready();
      ready.countDown();
      loaded.notices().forEach(notice -> log.warn("config: {}", notice));
      log.atInfo().addKeyValue("url", "http://" + addresses()).log("ready, to read only");
      return;
    }
    lines.begin(replay.damagedPieces() > 0);
    started(
            "rates of logs",
            new LogRates(lines, ownIntake, config.logs().rates().interval(), clock, registry))
        .start();
    LineListeners listeners =
        started(
            "listeners",
            new LineListeners(
                config.receivers(),
                intake,
                receipts,
                clock,
                config.web().handlerThreads().factory("receive-"),
                registry));
    listeners.start();
    web.watch(listeners);
    retentionRules.start(config.storage().retention().interval().toMillis());
    web.watch(new OverridesFile());
    started("pushed groups", pushed).start();
    readiness.ready();
    ready.countDown();

    try {
      scraping.apply(loaded.prometheus());
    } catch (io.skopos.ingest.yaml.ConfigException e) {
      throw refused(e);
    }
    if (config.selfMonitoring().enabled()) {
      SelfScrape self =
          started(
              "self monitoring",
              new SelfScrape(
                  own,
                  ownIntake,
                  ownTenant,
                  clock,
                  addresses(),
                  config.selfMonitoring().interval()));
      scraping.show(self.source());
      self.start();
    }
    if (config.hostMetrics().enabled()) {
      HostMetrics host =
          started(
              "host metrics",
              new HostMetrics(config.hostMetrics(), ownTenant, ownIntake, clock, registry));
      host.source().ifPresent(scraping::show);
      host.start();
    }
    if (config.collect().enabled()) {
      Collector collecting =
          started(
              "collecting logs",
              new Collector(
                  config.collect(),
                  ownTenant,
                  ownIntake,
                  tenants::logs,
                  new RealDisk(),
                  ground.directory().root().resolve("collect"),
                  clock,
                  BuildInfo.current().version(),
                  config.web().handlerThreads().factory("collect-"),
                  registry));
      try {
        collecting.apply(loaded.collect());
      } catch (io.skopos.ingest.yaml.ConfigException e) {
        throw refused(e);
      }
      collector = collecting;
      web.watch(collecting);
      collectRoutes.show(collecting);
    }
    loaded.notices().forEach(notice -> log.warn("config: {}", notice));
    log.atInfo().addKeyValue("url", "http://" + addresses()).log("ready");
  }

  /** Tried before its first use, or later if it does not answer: a start does not wait for it. */
  private BucketUse bucket(ObjectStoreConfig config) throws IOException {
    return switch (config.type()) {
      case NONE -> {
        if (options.bucket() != BucketUse.Mode.OWN) {
          throw new IOException(
              "--read-only and --take-over need the bucket in the config (storage.object_store)");
        }
        yield BucketUse.NONE;
      }
      case DIRECTORY -> {
        ObjectStores.OpenedStore opened = started("bucket", ObjectStores.open(config, registry));
        yield new BucketUse(opened.store(), options.bucket());
      }
      case S3, AZURE, GCS -> {
        BucketObjectStore store = started("bucket", ObjectStores.bucket(config, registry));
        yield options.bucket() == BucketUse.Mode.READ_ONLY
            ? new BucketUse(store, options.bucket())
            : new BucketUse(store, options.bucket(), () -> log.debug("bucket: {}", store.verify()));
      }
    };
  }

  /**
   * Starts everything; returns when the log is replayed and queries are answered.
   *
   * @throws StartRefused when the directory or an address is taken, or cannot be used
   */
  public static SkoposServer start(ServerOptions options) throws ConfigException, StartRefused {
    SkoposServer server = new SkoposServer(options);
    try {
      server.run(options.config().load());
      return server;
    } catch (IOException e) {
      server.close();
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    } catch (ConfigException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Stops with SIGTERM or SIGINT, reloads with SIGHUP. */
  public void stopWithProcess() {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  log.info("stopping");
                  close();
                  log.info("stopped");
                }));
    SignalHandler reload =
        _ ->
            Thread.ofPlatform()
                .name("reload")
                .start(() -> {
                  try {
                    reload();
                  } catch (ConfigException e) {
                    log.error("the config was not reloaded: {}", e.getMessage());
                  }
                });
    sun.misc.Signal.handle(new sun.misc.Signal("HUP"), reload);
  }

  /** The port of the first address. */
  public int port() {
    return web.port();
  }

  /** Waits until queries are answered. */
  public void awaitReady() throws InterruptedException {
    ready.await();
  }

  /**
   * Reads the config again. What is scraped changes at once; other sections that changed are named,
   * they need a restart.
   */
  void reload() throws ConfigException {
    changing.lock();
    try {
      LoadedConfig loaded = options.config().load();
      if (options.bucket() != BucketUse.Mode.READ_ONLY) {
        scraping.apply(loaded.prometheus());
        Collector running = collector;
        if (running != null) {
          running.apply(loaded.collect());
        }
      }
      otlp.apply(loaded.prometheus().otlp());
      tenants.reload(loaded);
      deduplication.settings(TenantSettings.ha(loaded));
      for (String section : loaded.skopos().sectionsThatDiffer(process.config().skopos())) {
        log.warn("config: the section {} changed; it needs a restart", section);
      }
      process.reloaded(loaded);
      loaded.notices().forEach(notice -> log.warn("config: {}", notice));
      log.info("config reloaded");
    } catch (io.skopos.ingest.yaml.ConfigException e) {
      process.reloadFailed();
      throw refused(e);
    } catch (ConfigException e) {
      process.reloadFailed();
      throw e;
    } finally {
      changing.unlock();
    }
  }

  /** How much of its limits a tenant uses, by key. */
  private Map<String, Double> used(TenantId tenant, LimitedIntake intake, QueryCapacity queries) {
    Map<String, Double> used = new TreeMap<>();
    intake
        .used(tenant)
        .forEach(
            (limit, ratio) -> used.put(limit.indexOf('.') < 0 ? "intake." + limit : limit, ratio));
    int concurrency = tenants.query(tenant).tenantConcurrency();
    if (concurrency > 0) {
      used.put("query.tenant_concurrency", (double) queries.running(tenant) / concurrency);
    }
    return used;
  }

  /** The config is read again when the file with the tenants' own values changes. */
  private final class OverridesFile implements Reloadable {

    @Override
    public Path[] files() {
      Path file = process.config().overridesFile();
      return file == null ? new Path[0] : new Path[] {file};
    }

    @Override
    public void reload() throws IOException {
      try {
        SkoposServer.this.reload();
      } catch (ConfigException e) {
        throw new IOException("the config cannot be used: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    changing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      readiness.draining();
      while (!started.isEmpty()) {
        Closing next = started.removeLast();
        try {
          next.part().close();
        } catch (Exception e) {
          log.error("{} did not stop cleanly", next.name(), e);
        }
      }
    } finally {
      changing.unlock();
    }
  }

  private static ConfigException refused(io.skopos.ingest.yaml.ConfigException e) {
    return new ConfigException(List.of(new ConfigProblem("", "", String.valueOf(e.getMessage()))));
  }

  private <T extends AutoCloseable> T started(String name, T part) {
    started.addLast(new Closing(name, part));
    return part;
  }

  private String addresses() {
    return String.join(
        ",",
        web.addresses().stream()
            .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
            .toList());
  }
}
