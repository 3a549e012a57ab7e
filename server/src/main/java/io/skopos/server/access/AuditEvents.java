// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.events.Event;
import io.skopos.events.EventIds;
import io.skopos.events.EventStore;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.Audit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes audited calls as events of the kind {@code audit}: into the tenant a call was about, or
 * into the server's own when the caller was refused before that was sure. Calls wait in memory, a
 * bounded number, while the intake is unavailable or they come too fast; of one second, equal ones
 * become one event with a count. What does not fit is counted and logged instead. Thread-safe.
 */
public final class AuditEvents implements Audit, AutoCloseable {

  static final String KIND = "audit";

  private static final Logger LOG = LoggerFactory.getLogger(AuditEvents.class);
  private static final int MAX_WAITING = 1000;
  private static final int MAX_EVENTS_A_SECOND = 100;
  private static final int MAX_TEXT = 300;

  private final EventStore events;
  private final Intake intake;
  private final TenantId ownTenant;
  private final InstantSource clock;
  private final EventIds ids;
  private final ArrayBlockingQueue<Seen> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Counter written;
  private final Counter dropped;
  private final Thread writer;
  private volatile boolean closing;

  private record Seen(Audit.Call call, long timeMs) {}

  private record ToWrite(TenantId tenant, Event event) {}

  public AuditEvents(
      EventStore events,
      Intake intake,
      TenantId ownTenant,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.events = events;
    this.intake = intake;
    this.ownTenant = ownTenant;
    this.clock = clock;
    this.ids = new EventIds(clock);
    this.written =
        Counter.builder()
            .name("skopos_audit_events_total")
            .help("Audit events written.")
            .register(registry);
    this.dropped =
        Counter.builder()
            .name("skopos_audit_dropped_calls_total")
            .help("Audited calls that became no event, only a line of the log.")
            .register(registry);
    this.writer = Thread.ofPlatform().daemon().name("skopos-audit").unstarted(this::run);
  }

  /** Begins to write; calls made before wait. */
  public void start() {
    writer.start();
  }

  @Override
  public void called(Audit.Call call) {
    if (closing || !waiting.offer(new Seen(call, clock.millis()))) {
      drop(call);
    }
  }

  private void drop(Audit.Call call) {
    dropped.inc();
    LOG.atWarn()
        .addKeyValue("caller", call.caller())
        .addKeyValue("call", call.method() + " " + shortened(call.path()))
        .addKeyValue("from", call.from().getHostAddress())
        .addKeyValue("status", call.status())
        .log("an audited call became no event");
  }

  private void run() {
    try {
      while (!closing || !waiting.isEmpty()) {
        Seen first = waiting.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Seen> taken = new ArrayList<>();
          taken.add(first);
          waiting.drainTo(taken, MAX_EVENTS_A_SECOND - 1);
          write(merged(taken));
          if (waiting.size() > MAX_EVENTS_A_SECOND && !closing) {
            TimeUnit.SECONDS.sleep(1);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ToWrite> merged(List<Seen> taken) {
    Map<Audit.Call, List<Long>> times = new LinkedHashMap<>();
    for (Seen seen : taken) {
      times.computeIfAbsent(seen.call(), _ -> new ArrayList<>()).add(seen.timeMs());
    }
    List<ToWrite> events = new ArrayList<>();
    times.forEach((call, when) -> {
      TenantId tenant = call.tenant();
      events.add(
          new ToWrite(
              tenant == null ? ownTenant : tenant, event(call, when.getFirst(), when.size())));
    });
    return events;
  }

  private Event event(Audit.Call call, long timeMs, int count) {
    Map<String, String> labels = new TreeMap<>();
    put(labels, "caller", call.caller());
    put(labels, "method", call.method());
    put(labels, "path", shortened(call.path()));
    put(labels, "detail", shortened(call.detail()));
    put(labels, "from", call.from().getHostAddress());
    put(labels, "status", String.valueOf(call.status()));
    put(labels, "result", result(call.status()));
    put(labels, "tenant", call.tenant() == null ? "" : call.tenant().value());
    if (count > 1) {
      labels.put("count", String.valueOf(count));
    }
    return new Event(
        ids.next(),
        KIND,
        (call.caller() == null ? "someone" : "'" + call.caller() + "'")
            + " called "
            + call.method()
            + " "
            + shortened(call.path())
            + ": "
            + result(call.status()),
        shortened(call.error()),
        List.of(),
        labels,
        timeMs,
        null,
        false,
        "");
  }

  private static String result(int status) {
    return status == 401 || status == 403 ? "refused" : status < 400 ? "done" : "failed";
  }

  private static void put(Map<String, String> labels, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      labels.put(name, value);
    }
  }

  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
  }

  /** Again until it is written or we stop; ids make repeats harmless. */
  private void write(List<ToWrite> events) throws InterruptedException {
    Map<TenantId, List<Event>> byTenant = new LinkedHashMap<>();
    for (ToWrite each : events) {
      byTenant.computeIfAbsent(each.tenant(), _ -> new ArrayList<>()).add(each.event());
    }
    for (Map.Entry<TenantId, List<Event>> each : byTenant.entrySet()) {
      int attempts = 0;
      while (!written(each.getKey(), each.getValue())) {
        if (closing && attempts++ > 2) {
          dropped.inc(each.getValue().size());
          return;
        }
        TimeUnit.MILLISECONDS.sleep(closing ? 50 : 1000);
      }
      written.inc(each.getValue().size());
    }
  }

  private boolean written(TenantId tenant, List<Event> added) throws InterruptedException {
    try {
      events.add(intake, tenant, added).get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WriteRefused refused) {
        dropped.inc(added.size());
        LOG.warn("{} audit events were refused: {}", added.size(), refused.getMessage());
        return true;
      }
      LOG.debug("audit events wait: {}", e.getMessage());
      return false;
    } catch (RuntimeException e) {
      LOG.debug("audit events wait: {}", e.getMessage());
      return false;
    }
  }

  /** Writes what waits, for a moment. */
  @Override
  public void close() throws InterruptedException {
    closing = true;
    if (writer.isAlive()) {
      writer.join(2000);
      writer.interrupt();
    }
  }
}
