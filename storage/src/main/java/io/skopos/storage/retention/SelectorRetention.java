// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.retention;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.Ground;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.StorageConfig.Retention.Rule;
import io.skopos.storage.documents.Document;
import io.skopos.storage.documents.DocumentConflict;
import io.skopos.storage.documents.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Series and streams that are kept for another time than the rest. Questions do not see their older
 * rows from the moment these are too old; and once the whole of a UTC day is, a deletion of the
 * ordinary kind is written for it, so that merges free the space. Up to which day that was done is
 * kept as a document of the tenant, one per step of the {@link RetentionPlan}. Thread-safe.
 */
public final class SelectorRetention implements HiddenRows, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SelectorRetention.class);
  private static final String KIND = "retention-rule";
  private static final int MAX_PLANS = 10_000;

  private final Ground ground;
  private final RetentionByTenant tenants;
  private final Function<Rule, List<Matcher>> selectors;
  private final InstantSource clock;
  private final Counter deletions;
  private final Map<Rules, RetentionPlan> plans = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("skopos-retention-rules").factory());

  private record Rules(StorageConfig.Retention retention, Signal signal) {}

  /**
   * @param selectors reads a rule's selector, which was checked before
   */
  public SelectorRetention(
      Ground ground,
      RetentionByTenant tenants,
      Function<Rule, List<Matcher>> selectors,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.ground = ground;
    this.tenants = tenants;
    this.selectors = selectors;
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
  public List<Deletion> of(TenantId tenant, Signal signal) {
    StorageConfig.Retention retention = tenants.of(tenant);
    if (retention.rules().isEmpty()) {
      return List.of();
    }
    List<RetentionPlan.Step> steps = plan(retention, signal).steps();
    List<Deletion> hidden = new ArrayList<>(steps.size());
    for (RetentionPlan.Step step : steps) {
      hidden.add(
          new Deletion(
              step.matchers(), step.spared(), new TimeRange(Long.MIN_VALUE, oldestMs(step) - 1)));
    }
    return hidden;
  }

  private long oldestMs(RetentionPlan.Step step) {
    return clock.millis() - step.time().toMillis();
  }

  private RetentionPlan plan(StorageConfig.Retention retention, Signal signal) {
    if (plans.size() > MAX_PLANS) {
      plans.clear();
    }
    return plans.computeIfAbsent(
        new Rules(retention, signal), _ -> RetentionPlan.of(retention, signal, selectors));
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
    for (Signal signal : Signal.values()) {
      for (TenantId tenant : ground.manifests().tenants(signal)) {
        StorageConfig.Retention retention = tenants.of(tenant);
        if (!retention.rules().isEmpty()) {
          for (RetentionPlan.Step step : plan(retention, signal).steps()) {
            look(tenant, signal, step);
          }
        }
      }
    }
  }

  private void look(TenantId tenant, Signal signal, RetentionPlan.Step step)
      throws IOException, InterruptedException {
    int due = UtcDay.numberOf(oldestMs(step)) - 1;
    String name = nameOf(signal, step);
    Documents documents = ground.documents();
    Document document = documents.get(tenant, KIND, name);
    int done = document == null ? Integer.MIN_VALUE : day(document);
    if (due <= done) {
      return;
    }
    if (hasDays(tenant, signal, done, due)) {
      long fromMs = done == Integer.MIN_VALUE ? Long.MIN_VALUE : new UtcDay(done + 1).startMs();
      TimeRange range = new TimeRange(fromMs, new UtcDay(due).endMs());
      String words = step.text().replace('\n', ' ');
      try {
        ground.delete(tenant, signal, new Deletion(step.matchers(), step.spared(), range)).get();
      } catch (ExecutionException e) {
        throw new IOException(
            "the deletion of "
                + signal.key()
                + " of "
                + tenant
                + ", "
                + words
                + ": "
                + e.getMessage(),
            e);
      }
      deletions.inc();
      LOG.info("deleted {} of {} up to {}: {}", signal.key(), tenant, new UtcDay(due), words);
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

  /** Those of metrics had names before there were others. */
  private static String nameOf(Signal signal, RetentionPlan.Step step) {
    String text = signal == Signal.METRICS ? step.text() : signal.key() + "\n" + step.text();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** So that a tenant without old data gets no deletion. */
  private boolean hasDays(TenantId tenant, Signal signal, int done, int due) {
    for (UtcDay day : ground.manifests().days(tenant, signal)) {
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
