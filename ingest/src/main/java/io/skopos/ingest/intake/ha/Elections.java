// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import io.skopos.model.TenantId;
import io.skopos.storage.WriteRefused;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which replica leads each cluster of each tenant: the first that sends, until it has been silent
 * for the failover timeout and another one sends. Leaders are written down, after the fact and by a
 * thread of their own, so that a restart keeps them; whoever led before it gets the failover
 * timeout to come back. Thread-safe.
 */
public final class Elections implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Elections.class);

  /** A cluster that was silent for so long makes room for another one. */
  private static final long FORGOTTEN_MS = TimeUnit.HOURS.toMillis(24);

  private volatile HaSettings settings;
  private final InstantSource clock;
  private final HaMetrics metrics;
  private final LeaderDocuments documents;
  private final long startedMs;
  private final Map<TenantId, TenantLeaders> tenants = new ConcurrentHashMap<>();
  private final Map<Place, Leader> unwritten = new LinkedHashMap<>();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("ha-leaders").factory());

  private record Place(TenantId tenant, String cluster) {}

  private static final class TenantLeaders {
    final Map<String, Leader> byCluster = new HashMap<>();
    final Map<String, Long> writtenMs = new HashMap<>();
  }

  Elections(
      HaSettings settings, LeaderDocuments documents, InstantSource clock, HaMetrics metrics) {
    this.settings = settings;
    this.documents = documents;
    this.clock = clock;
    this.metrics = metrics;
    this.startedMs = clock.millis();
  }

  /**
   * Whether the samples of this replica are kept. It becomes the leader when there is none or that
   * has been silent for too long.
   *
   * @throws WriteRefused when the tenant has too many clusters
   */
  boolean leads(TenantId tenant, String cluster, String replica) {
    TenantLeaders leaders = tenants.computeIfAbsent(tenant, this::load);
    long nowMs = clock.millis();
    synchronized (leaders) {
      Leader leader = leaders.byCluster.get(cluster);
      if (leader == null) {
        checkCount(tenant, leaders, nowMs);
        elect(tenant, leaders, new Leader(cluster, replica, nowMs, nowMs, 1));
        return true;
      }
      if (leader.replica().equals(replica)) {
        heard(tenant, leaders, leader, nowMs);
        return true;
      }
      if (nowMs < leader.receivedMs()) {
        // The clock was set back: its silence is counted from here, or it would last for as long.
        leaders.byCluster.put(cluster, heardAt(leader, nowMs));
        return false;
      }
      if (nowMs - leader.receivedMs() < settings.failoverTimeout().toMillis()) {
        return false;
      }
      log.info(
          "the replica '{}' of the cluster '{}' of tenant {} leads now; '{}' was silent",
          replica,
          cluster,
          tenant,
          leader.replica());
      elect(tenant, leaders, new Leader(cluster, replica, nowMs, nowMs, leader.elections() + 1));
      return true;
    }
  }

  private TenantLeaders load(TenantId tenant) {
    TenantLeaders leaders = new TenantLeaders();
    try {
      for (Leader leader : documents.load(tenant)) {
        leaders.writtenMs.put(leader.cluster(), leader.receivedMs());
        // It could not be heard while we were down, whatever the clock was when it was last.
        leaders.byCluster.put(leader.cluster(), heardAt(leader, startedMs));
      }
    } catch (IOException e) {
      metrics.documentFailures.inc();
      log.warn("the leaders of the tenant {} cannot be read; they are elected anew", tenant, e);
    }
    return leaders;
  }

  private void checkCount(TenantId tenant, TenantLeaders leaders, long nowMs) {
    int most = settings.of(tenant).maxClusters();
    if (most == 0 || leaders.byCluster.size() < most) {
      return;
    }
    leaders
        .byCluster
        .values()
        .removeIf(leader -> {
          boolean forgotten = nowMs - leader.receivedMs() > FORGOTTEN_MS;
          if (forgotten) {
            leaders.writtenMs.remove(leader.cluster());
            writer.execute(() -> remove(tenant, leader.cluster()));
          }
          return forgotten;
        });
    if (leaders.byCluster.size() >= most) {
      metrics.refused.inc();
      throw new WriteRefused(
          429,
          "the tenant '"
              + tenant
              + "' has "
              + leaders.byCluster.size()
              + " clusters of replicas and the write brings a new one; the limit ha.max_clusters is"
              + " "
              + most
              + ". Nothing of the write was kept.",
          Duration.ofMinutes(1));
    }
  }

  private void elect(TenantId tenant, TenantLeaders leaders, Leader leader) {
    leaders.byCluster.put(leader.cluster(), leader);
    metrics.elected(tenant);
    write(tenant, leaders, leader);
  }

  private void heard(TenantId tenant, TenantLeaders leaders, Leader leader, long nowMs) {
    if (nowMs == leader.receivedMs()) {
      return;
    }
    Leader now = heardAt(leader, nowMs);
    leaders.byCluster.put(leader.cluster(), now);
    long writtenMs = leaders.writtenMs.getOrDefault(leader.cluster(), 0L);
    if (Math.abs(nowMs - writtenMs) >= settings.updateTimeout().toMillis()) {
      write(tenant, leaders, now);
    }
  }

  private static Leader heardAt(Leader leader, long nowMs) {
    return new Leader(
        leader.cluster(), leader.replica(), leader.electedMs(), nowMs, leader.elections());
  }

  /** At most one write per cluster waits; a newer state takes its place. */
  private void write(TenantId tenant, TenantLeaders leaders, Leader leader) {
    leaders.writtenMs.put(leader.cluster(), leader.receivedMs());
    Place place = new Place(tenant, leader.cluster());
    boolean waiting;
    synchronized (unwritten) {
      waiting = unwritten.put(place, leader) != null;
    }
    if (!waiting && !writer.isShutdown()) {
      writer.execute(() -> writeNow(place));
    }
  }

  private void writeNow(Place place) {
    Leader leader;
    synchronized (unwritten) {
      leader = unwritten.remove(place);
    }
    if (leader == null) {
      return;
    }
    try {
      documents.store(place.tenant(), leader);
    } catch (IOException e) {
      // The next sign of life of the leader is written down again.
      metrics.documentFailures.inc();
      log.warn("the leader of a cluster of tenant {} was not written down", place.tenant(), e);
    }
  }

  private void remove(TenantId tenant, String cluster) {
    try {
      documents.remove(tenant, cluster);
    } catch (IOException e) {
      metrics.documentFailures.inc();
      log.warn("a cluster of tenant {} that is gone is still written down", tenant, e);
    }
  }

  /** The tenant's leaders, sorted by cluster. */
  public List<Leader> leaders(TenantId tenant) {
    if (!settings.of(tenant).enabled()) {
      return List.of();
    }
    TenantLeaders leaders = tenants.computeIfAbsent(tenant, this::load);
    synchronized (leaders) {
      List<Leader> all = new ArrayList<>(leaders.byCluster.values());
      all.sort(Comparator.comparing(Leader::cluster));
      return all;
    }
  }

  void settings(HaSettings changed) {
    settings = changed;
  }

  public HaSettings settings() {
    return settings;
  }

  int clusters() {
    int count = 0;
    for (@Nullable TenantLeaders leaders : tenants.values()) {
      synchronized (leaders) {
        count += leaders.byCluster.size();
      }
    }
    return count;
  }

  /** Writes down what is still to be. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("some leaders of clusters were not written down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
