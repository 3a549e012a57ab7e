// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Metrics the server records without a scrape: its own and its host's. It is shown among the
 * targets, so that everything that is watched stands in one place. Thread-safe.
 */
public final class OwnSource {

  private static final int HISTORY = 10;

  private final TenantId tenant;
  private final String pool;
  private final Labels labels;
  private final String url;
  private final Duration interval;
  private final ArrayDeque<ScrapeResult> history = new ArrayDeque<>();

  /**
   * @param pool under which name it is shown
   * @param labels of its series
   * @param url where it reads
   */
  public OwnSource(TenantId tenant, String pool, Labels labels, String url, Duration interval) {
    this.tenant = tenant;
    this.pool = pool;
    this.labels = labels;
    this.url = url;
    this.interval = interval;
  }

  /**
   * A reading is over.
   *
   * @param error empty when it went well
   */
  public synchronized void record(Instant start, Duration took, String error, long samples) {
    history.addFirst(new ScrapeResult(start, took, error, 0, samples, samples, 0, 0, 0));
    while (history.size() > HISTORY) {
      history.removeLast();
    }
  }

  TenantId tenant() {
    return tenant;
  }

  String pool() {
    return pool;
  }

  Labels labels() {
    return labels;
  }

  String url() {
    return url;
  }

  Duration interval() {
    return interval;
  }

  synchronized @Nullable ScrapeResult last() {
    return history.peekFirst();
  }

  /** Newest first. */
  synchronized List<ScrapeResult> history() {
    return List.copyOf(history);
  }
}
