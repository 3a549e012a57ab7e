// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * {@code limit}: so many entries a second, of the job or of each value of a label. Entries beyond
 * are dropped, or their source rests until they may pass. Shared by a job's sources.
 */
final class LimitStage implements Stage {

  private static final int DEFAULT_LABELS = 10_000;

  private final double rate;
  private final double burst;
  private final boolean drop;
  private final String label;
  private final int maxLabels;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new HashMap<>();
  private long restUntil = Long.MIN_VALUE;

  private static final class Bucket {
    double tokens;
    long lastNs;
  }

  private LimitStage(
      double rate, double burst, boolean drop, String label, int maxLabels, LongSupplier nanoTime) {
    this.rate = rate;
    this.burst = burst;
    this.drop = drop;
    this.label = label;
    this.maxLabels = maxLabels;
    this.nanoTime = nanoTime;
  }

  static Stage.Factory parse(YamlMapping yaml, LongSupplier nanoTime) throws ConfigException {
    double rate = yaml.read("rate", Double::parseDouble, 0.0);
    int burst = yaml.count("burst", 0);
    boolean drop = yaml.flag("drop", false);
    String label = yaml.text("by_label_name", "");
    int maxLabels = yaml.count("max_distinct_labels", DEFAULT_LABELS);
    if (!(rate > 0) || burst < 1) {
      throw yaml.error("the limit stage needs a rate and a burst above 0");
    }
    if (!label.isEmpty() && !drop) {
      throw yaml.error("by_label_name needs drop: true");
    }
    LimitStage shared =
        new LimitStage(rate, burst, drop, label, Math.max(maxLabels, DEFAULT_LABELS), nanoTime);
    return () -> shared;
  }

  @Override
  public void process(Entry entry, Next next) {
    String value = label.isEmpty() ? "" : entry.labels.getOrDefault(label, "");
    boolean limited = label.isEmpty() || !value.isEmpty();
    if (!limited || take(value)) {
      next.accept(entry);
    } else {
      next.dropped("ratelimited_drop_stage");
    }
  }

  private synchronized boolean take(String value) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.get(value);
    if (bucket == null) {
      if (buckets.size() >= maxLabels) {
        buckets.clear();
      }
      bucket = new Bucket();
      bucket.tokens = burst;
      bucket.lastNs = now;
      buckets.put(value, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.lastNs) / 1e9 * rate);
    bucket.lastNs = now;
    if (drop && bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    if (bucket.tokens < 0) {
      restUntil = now + (long) (-bucket.tokens / rate * 1e9);
    }
    return true;
  }

  @Override
  public synchronized long restNs() {
    return restUntil == Long.MIN_VALUE ? 0 : Math.max(0, restUntil - nanoTime.getAsLong());
  }
}
