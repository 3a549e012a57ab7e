// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.consul;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Targets in Consul: one thread waits for changes of the catalog, one more for each service waits
 * for changes of its instances. Between two questions a thread rests for the refresh interval, so
 * that a service in turmoil costs Consul no more than a quiet one.
 */
final class ConsulDiscovery implements Discovery {

  private static final Logger log = LoggerFactory.getLogger(ConsulDiscovery.class);

  /** A catalog with more services that fit is not followed: each costs a thread and a request. */
  private static final int MAX_SERVICES = 5000;

  private static final long RETRY_MS = 15_000;

  private final ConsulDiscoverySettings settings;
  private final DiscoveryContext context;
  private final DiscoveredTargets targets;
  private final HttpClient client;
  private final ConsulApi api;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Thread> watched = new HashMap<>();
  private final Thread catalog;
  private volatile String datacenter = "";

  ConsulDiscovery(
      ConsulDiscoverySettings settings, DiscoveryContext context, DiscoveredTargets targets)
      throws FetchFailure {
    this.settings = settings;
    this.context = context;
    this.targets = targets;
    this.client = new HttpClient(settings.http(), context.http(), context.userAgent());
    this.api = new ConsulApi(settings, client);
    this.datacenter = settings.datacenter();
    this.catalog = context.waiting().newThread(() -> repeat("the catalog", this::followCatalog));
    catalog.start();
  }

  /** One question and what follows from its answer; returns the index to go on from. */
  private interface Step {
    long ask(long index) throws FetchFailure, InterruptedException;
  }

  private void repeat(String what, Step step) {
    long index = 0;
    try {
      while (closed.getCount() > 0) {
        long waitMs = settings.refreshInterval().toMillis();
        try {
          index = step.ask(index);
          targets.works(what);
        } catch (FetchFailure e) {
          targets.failed(what, String.valueOf(e.getMessage()));
          index = 0;
          waitMs = Math.min(RETRY_MS, Math.max(100, waitMs));
        } catch (RuntimeException e) {
          log.error("following {} in Consul failed by a defect of ours", what, e);
          targets.failed(what, "a defect of the discovery: " + e);
          waitMs = RETRY_MS;
        }
        if (closed.await(waitMs, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      log.trace("{} is not followed any more", what, e);
    }
  }

  private long followCatalog(long index) throws FetchFailure, InterruptedException {
    if (datacenter.isEmpty()) {
      datacenter = api.ownDatacenter();
    }
    ConsulApi.Indexed answer = api.services(index);
    Set<String> wanted = new HashSet<>();
    for (Map.Entry<String, JsonValue> service : answer.body().fields().entrySet()) {
      if (fits(service.getKey(), service.getValue())) {
        wanted.add(service.getKey());
      }
    }
    if (wanted.size() > MAX_SERVICES) {
      throw new FetchFailure(
          "the catalog has "
              + wanted.size()
              + " services that fit, more than the "
              + MAX_SERVICES
              + " that can be followed; name them under 'services' or set a filter");
    }
    fitWatches(wanted);
    if (wanted.isEmpty()) {
      targets.replaceAll(List.of());
    }
    return answer.index();
  }

  private boolean fits(String service, JsonValue tags) {
    if (!settings.services().isEmpty() && !settings.services().contains(service)) {
      return false;
    }
    List<String> has = tags.list().stream().map(JsonValue::text).toList();
    return has.containsAll(settings.tags());
  }

  private synchronized void fitWatches(Set<String> wanted) {
    if (closed.getCount() == 0) {
      return;
    }
    for (String service : new ArrayList<>(watched.keySet())) {
      if (!wanted.contains(service)) {
        Thread gone = watched.remove(service);
        if (gone != null) {
          gone.interrupt();
        }
        targets.replace(service, List.of());
        targets.works(named(service));
      }
    }
    for (String service : wanted) {
      if (!watched.containsKey(service)) {
        Thread thread =
            context
                .waiting()
                .newThread(() -> repeat(named(service), index -> follow(service, index)));
        watched.put(service, thread);
        thread.start();
      }
    }
  }

  private static String named(String service) {
    return "the service " + service;
  }

  private long follow(String service, long index) throws FetchFailure, InterruptedException {
    ConsulApi.Indexed answer = api.instances(service, index);
    synchronized (this) {
      // A watch that was ended meanwhile must not bring its service back.
      if (watched.get(service) == Thread.currentThread()) {
        targets.replace(
            service, ConsulTargets.of(answer.body(), service, settings.tagSeparator(), datacenter));
      }
    }
    return answer.index();
  }

  @Override
  public void close() {
    closed.countDown();
    catalog.interrupt();
    synchronized (this) {
      watched.values().forEach(Thread::interrupt);
      watched.clear();
    }
    client.close();
  }
}
