// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.tenants;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.HiddenRows;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.server.config.RetentionRules;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.documents.Document;
import io.skopos.storage.documents.DocumentConflict;
import io.skopos.storage.documents.Documents;
import io.skopos.web.access.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Series that are kept for less time than others. Questions do not see their older samples from the
 * moment these are too old; and once the whole of a UTC day is, a deletion of the ordinary kind is
 * written for it, so that merges free the space. Up to which day that was done is kept as a
 * document of the tenant, one per rule. Thread-safe.
 */
public final class SelectorRetention implements HiddenRows, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SelectorRetention.class);
  private static final String KIND = "retention-rule";
  private static final int MAX_PARSED = 10_000;

  private final TenantSettings settings;
  private final Ground ground;
  private final InstantSource clock;
  private final Counter deletions;
  private final Map<StorageConfig.Retention.Rule, List<Matcher>> parsed = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("skopos-retention-rules").factory());

  public SelectorRetention(
      TenantSettings settings, Ground ground, InstantSource clock, PrometheusRegistry registry) {
    this.settings = settings;
    this.ground = ground;
    this.clock = clock;
    this.deletions =
        Counter.builder()
            .name("skopos_retention_rule_deletions_total")
            .help("Deletions written because retention rules say so.")
            .register(registry);
  }

  /** Looks now and then again and again. */
  public void start(long intervalMs) {
    var unused =
        timer.scheduleWithFixedDelay(this::lookSafely, 0, intervalMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public List<Deletion> of(TenantId tenant) {
    List<StorageConfig.Retention.Rule> rules = settings.retention(tenant).rules();
    if (rules.isEmpty()) {
      return List.of();
    }
    List<Deletion> hidden = new ArrayList<>(rules.size());
    for (StorageConfig.Retention.Rule rule : rules) {
      hidden.add(new Deletion(matchers(rule), new TimeRange(Long.MIN_VALUE, oldestMs(rule) - 1)));
    }
    return hidden;
  }

  private long oldestMs(StorageConfig.Retention.Rule rule) {
    return clock.millis() - rule.time().toMillis();
  }

  private List<Matcher> matchers(StorageConfig.Retention.Rule rule) {
    if (parsed.size() > MAX_PARSED) {
      parsed.clear();
    }
    return parsed.computeIfAbsent(rule, RetentionRules::matchers);
  }

  private void lookSafely() {
    try {
      look();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.warn("retention rules are looked at again later: {}", e.getMessage());
    }
  }

  /** Writes the deletions that are due. */
  void look() throws IOException, InterruptedException {
    for (TenantId tenant : ground.manifests().tenants(Signal.METRICS)) {
      for (StorageConfig.Retention.Rule rule : settings.retention(tenant).rules()) {
        look(tenant, rule);
      }
    }
  }

  private void look(TenantId tenant, StorageConfig.Retention.Rule rule)
      throws IOException, InterruptedException {
    int due = UtcDay.numberOf(oldestMs(rule)) - 1;
    String name = Secrets.sha256Hex(rule.selector() + "\n" + rule.time()).substring(0, 32);
    Documents documents = ground.documents();
    Document document = documents.get(tenant, KIND, name);
    int done = document == null ? Integer.MIN_VALUE : day(document);
    if (due <= done) {
      return;
    }
    if (hasDays(tenant, done, due)) {
      long fromMs = done == Integer.MIN_VALUE ? Long.MIN_VALUE : new UtcDay(done + 1).startMs();
      TimeRange range = new TimeRange(fromMs, new UtcDay(due).endMs());
      try {
        ground.delete(tenant, Signal.METRICS, new Deletion(matchers(rule), range)).get();
      } catch (ExecutionException e) {
        throw new IOException(
            "the deletion of " + rule.selector() + " of " + tenant + ": " + e.getMessage(), e);
      }
      deletions.inc();
      LOG.info("deleted {} of {} up to {}", rule.selector(), tenant, new UtcDay(due));
    }
    byte[] content = Integer.toString(due).getBytes(StandardCharsets.US_ASCII);
    try {
      if (document == null) {
        documents.create(tenant, KIND, name, content);
      } else {
        documents.change(tenant, KIND, name, document.etag(), content);
      }
    } catch (DocumentConflict e) {
      LOG.debug("somebody else looked at the rule at the same time", e);
    }
  }

  /** So that a tenant without old data gets no deletion. */
  private boolean hasDays(TenantId tenant, int done, int due) {
    for (UtcDay day : ground.manifests().days(tenant, Signal.METRICS)) {
      if (day.number() > done && day.number() <= due) {
        return true;
      }
    }
    return false;
  }

  private static int day(Document document) {
    try {
      return Integer.parseInt(new String(document.content(), StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      return Integer.MIN_VALUE;
    }
  }

  @Override
  public void close() throws InterruptedException {
    timer.shutdownNow();
    timer.awaitTermination(5, TimeUnit.SECONDS);
  }
}
