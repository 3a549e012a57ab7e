// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.TenantId;
import io.skopos.serving.append.Appends;
import io.skopos.storage.Intake;
import io.skopos.storage.documents.Documents;
import io.skopos.web.HttpError;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of all tenants, in memory and as documents, and the loop that writes their samples. A
 * push is in force when its samples are written and its document is durable. Thread-safe; changes
 * of one tenant are made one after the other.
 */
public final class PushedGroups implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PushedGroups.class);

  private static final int LOCKS = 64;
  private static final String PUSH_TIME = "push_time_seconds";
  private static final String PUSH_FAILURE_TIME = "push_failure_time_seconds";

  private final PushSettings settings;
  private final PushDocuments documents;
  private final Intake intake;
  private final InstantSource clock;
  private final Counter failedWrites;

  /** A tenant's groups change under one of these, so that tenants do not wait for each other. */
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

  private final Map<TenantId, Map<Labels, PushGroup>> tenants = new ConcurrentHashMap<>();
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pushed-groups").factory());

  public PushedGroups(
      PushSettings settings,
      Documents documents,
      TenantId ownTenant,
      Intake intake,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.settings = settings;
    this.documents = new PushDocuments(documents, ownTenant);
    this.intake = intake;
    this.clock = clock;
    Arrays.setAll(locks, _ -> new ReentrantLock());
    failedWrites =
        Counter.builder()
            .name("skopos_push_failed_writes_total")
            .help("Rounds in which a tenant's pushed groups could not be written.")
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_push_groups")
        .help("Pushed groups of all tenants; at most push.max_groups each.")
        .callback(gauge -> gauge.call(groupCount()))
        .register(registry);
  }

  /** Reads the documents and begins to write; call it when the intake takes rows. */
  public void start() throws IOException {
    documents
        .load()
        .forEach((tenant, groups) -> tenants.put(tenant, new ConcurrentSkipListMap<>(groups)));
    long period = settings.interval().toMillis();
    var unused = loop.scheduleAtFixedRate(this::writeAll, period, period, TimeUnit.MILLISECONDS);
  }

  private ReentrantLock lock(TenantId tenant) {
    return locks[Math.floorMod(tenant.hashCode(), LOCKS)];
  }

  private int groupCount() {
    return tenants.values().stream().mapToInt(Map::size).sum();
  }

  /** A tenant's groups by their keys. */
  Collection<PushGroup> groups(TenantId tenant) {
    return List.copyOf(tenants.getOrDefault(tenant, Map.of()).values());
  }

  /**
   * Takes a push; nothing changes when it is refused, but the time of the failure.
   *
   * @param replaceAll whether families of the group that are not pushed go, too
   */
  void push(TenantId tenant, Labels key, ExpositionFormat format, byte[] body, boolean replaceAll)
      throws IOException {
    ReentrantLock changing = lock(tenant);
    changing.lock();
    try {
      // In the table only when a push was taken, so that refused ones of any tenant cost nothing.
      Map<Labels, PushGroup> groups = tenants.getOrDefault(tenant, new ConcurrentSkipListMap<>());
      PushGroup known = groups.get(key);
      PushGroup before = known == null ? PushGroup.empty(key) : known;
      if (known == null && groups.size() >= settings.maxGroups()) {
        throw new HttpError(
            429,
            "bad_data",
            "the tenant has "
                + groups.size()
                + " groups, the limit push.max_groups is "
                + settings.maxGroups()
                + "; delete groups of jobs that are gone");
      }
      try {
        take(tenant, groups, before, format, body, replaceAll);
      } catch (HttpError e) {
        if (known != null && e.status() == 400) {
          groups.put(key, known.failedAt(clock.millis()));
        }
        throw e;
      }
    } finally {
      changing.unlock();
    }
  }

  private void take(
      TenantId tenant,
      Map<Labels, PushGroup> groups,
      PushGroup before,
      ExpositionFormat format,
      byte[] body,
      boolean replaceAll)
      throws IOException {
    long now = clock.millis();
    Map<String, PushedBody.Family> pushed;
    try {
      pushed = PushedBody.read(format, body, body.length, before.labels());
    } catch (IllegalArgumentException e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
    checkTypes(groups.values(), before, pushed);
    PushGroup after = before.with(now, format, body, pushed, replaceAll);
    if (after.seriesCount() > settings.maxSeriesPerGroup()) {
      throw HttpError.tooLarge(
          "the group would have "
              + after.seriesCount()
              + " series, the limit push.max_series_per_group is "
              + settings.maxSeriesPerGroup());
    }
    byte[] document = documents.encode(after);
    SampleBatch batch = new SampleBatch();
    addSamples(batch, after, now);
    addMarkers(batch, before.seriesNotIn(after), now);
    after.families().forEach((name, family) -> batch.metadata(now, name, family.family().about()));
    boolean unused = Appends.await(intake.append(tenant, batch));
    documents.save(tenant, after, document);
    groups.put(after.labels(), after);
    tenants.putIfAbsent(tenant, groups);
  }

  /** A gateway shows all groups on one page, where a metric has one type. */
  private static void checkTypes(
      Collection<PushGroup> groups, PushGroup own, Map<String, PushedBody.Family> pushed) {
    for (PushGroup group : groups) {
      if (group.labels().equals(own.labels())) {
        continue;
      }
      for (PushedBody.Family family : pushed.values()) {
        PushGroup.Pushed other = group.families().get(family.name());
        if (other != null && !other.family().about().type().equals(family.about().type())) {
          throw HttpError.badData(
              "the metric "
                  + family.name()
                  + " is pushed as "
                  + family.about().type()
                  + " and the group "
                  + group.labels()
                  + " has it as "
                  + other.family().about().type());
        }
      }
    }
  }

  /** Ends a group's series. */
  void delete(TenantId tenant, Labels key) throws IOException {
    ReentrantLock changing = lock(tenant);
    changing.lock();
    try {
      Map<Labels, PushGroup> groups = tenants.getOrDefault(tenant, Map.of());
      PushGroup group = groups.get(key);
      if (group == null) {
        return;
      }
      long now = clock.millis();
      SampleBatch batch = new SampleBatch();
      addMarkers(batch, group.series(), now);
      addMarkers(batch, List.of(own(PUSH_TIME, key), own(PUSH_FAILURE_TIME, key)), now);
      boolean unused = Appends.await(intake.append(tenant, batch));
      documents.remove(tenant, key);
      groups.remove(key);
    } finally {
      changing.unlock();
    }
  }

  /** Ends all groups of a tenant. */
  void wipe(TenantId tenant) throws IOException {
    for (PushGroup group : groups(tenant)) {
      delete(tenant, group.labels());
    }
  }

  private static Labels own(String name, Labels key) {
    return new LabelsBuilder(key).set(Label.METRIC_NAME, name).build();
  }

  private static void addSamples(SampleBatch batch, PushGroup group, long now) {
    for (PushGroup.Pushed pushed : group.families().values()) {
      for (PushedBody.PushedSample sample : pushed.family().samples()) {
        batch.series(sample.labels());
        if (sample.histogram() != null) {
          batch.histogram(now, sample.histogram(), 0);
        } else {
          batch.sample(now, sample.value());
        }
      }
    }
    batch.series(own(PUSH_TIME, group.labels()));
    batch.sample(now, group.pushedMs() / 1000.0);
    batch.series(own(PUSH_FAILURE_TIME, group.labels()));
    batch.sample(now, group.failedMs() / 1000.0);
  }

  private static void addMarkers(SampleBatch batch, Collection<Labels> series, long now) {
    for (Labels labels : series) {
      batch.series(labels);
      batch.sample(now, StaleMarker.VALUE);
    }
  }

  /** One round of the loop: a tenant that cannot be written does not keep the others waiting. */
  void writeAll() {
    for (TenantId tenant : tenants.keySet()) {
      try {
        write(tenant);
      } catch (RuntimeException e) {
        failedWrites.inc();
        log.warn("pushed groups of {} could not be written: {}", tenant, e.getMessage());
      }
    }
  }

  private void write(TenantId tenant) {
    SampleBatch batch = new SampleBatch();
    ReentrantLock changing = lock(tenant);
    changing.lock();
    try {
      // The time is taken under the lock: a deletion's markers are never older.
      long now = clock.millis();
      tenants
          .getOrDefault(tenant, Map.of())
          .values()
          .forEach(group -> addSamples(batch, group, now));
    } finally {
      changing.unlock();
    }
    if (batch.rows() > 0) {
      boolean unused = Appends.await(intake.append(tenant, batch));
    }
  }

  @Override
  public void close() {
    loop.shutdown();
    try {
      if (!loop.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
        loop.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
