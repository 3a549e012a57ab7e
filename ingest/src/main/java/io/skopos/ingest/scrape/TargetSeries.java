// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.scrape.config.ExpositionSettings;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.metrics.exposition.ExpositionException;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.exposition.ExpositionOptions;
import io.skopos.metrics.exposition.ExpositionParser;
import io.skopos.metrics.exposition.ExpositionSink;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.metrics.exposition.MetadataField;
import io.skopos.metrics.exposition.SeriesCache;
import io.skopos.metrics.exposition.StoredSeries;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.histogram.NativeHistogram;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of a target's series from scrape to scrape: turns a body into samples, and series
 * that are gone into stale markers. Used by one thread at a time, but for what it tells of metric
 * families.
 */
final class TargetSeries {

  /** Samples further ahead of us than this are not taken, as in Prometheus. */
  private static final long MAX_AHEAD_MS = 10 * 60_000L;

  /** At this many families the metadata is learnt anew, so that invented names do not pile up. */
  private static final int MAX_FAMILIES = 50_000;

  private final ScrapeConfig config;
  private final SeriesCache cache;
  private final HistogramResolution resolution;
  private final ExpositionOptions options;
  private final Set<Labels> inherited;
  private final Map<String, MetricMetadata> families = new ConcurrentHashMap<>();
  private final Set<String> changedFamilies = new HashSet<>();
  private final Map<ExpositionFormat, ExpositionParser> parsers = new HashMap<>();

  // What the batch under way would change, to be undone when it cannot be stored.
  private final List<StoredSeries> newSeries = new ArrayList<>();
  private final List<Labels> endedSeries = new ArrayList<>();
  private long scrape;

  /**
   * @param inherited series that a former loop of this target left alive
   */
  TargetSeries(
      ScrapeConfig config,
      ScrapeSettings settings,
      LabelMapping mapping,
      Collection<Labels> inherited) {
    this.config = config;
    this.cache = new SeriesCache(new BoundaryLabels(mapping, this::typeOf), Integer.MAX_VALUE);
    this.resolution = new HistogramResolution(config.limits());
    ExpositionSettings exposition = config.exposition();
    this.options =
        new ExpositionOptions(
            exposition.nativeHistograms(),
            exposition.classicHistograms(),
            exposition.convertClassic(),
            settings.createdSamplesAsStarts());
    this.inherited = new HashSet<>(inherited);
  }

  /** Counts of one body. */
  static final class Counts {
    long bodyBytes;
    long samples;
    long stored;
    long added;
    long duplicates;
    long outOfBounds;
    String firstDuplicate = "";
  }

  /**
   * Adds the body's samples, stale markers for what the scrape before had and this one has not, and
   * changed metadata. When this throws, the batch is in no use and nothing counts as seen.
   */
  Counts read(
      BodyBytes body, ExpositionFormat format, long scrapeMs, long oldestMs, SampleBatch batch)
      throws ScrapeFailure {
    scrape++;
    Collector collector = new Collector(scrapeMs, oldestMs, batch);
    ExpositionParser parser =
        parsers.computeIfAbsent(format, key -> ExpositionParser.lax(key, options));
    collector.counts.bodyBytes = body.length;
    try {
      parser.parse(body.bytes, 0, body.length, cache, collector);
    } catch (ExpositionException | SeriesMapping.Refused e) {
      notStored();
      throw new ScrapeFailure(String.valueOf(e.getMessage()), e);
    }
    for (StoredSeries series : cache.stored()) {
      if (series.lastScrape() == scrape) {
        inherited.remove(series.labels());
      } else if (series.lastScrape() >= 0) {
        endedSeries.add(series.labels());
        series.ended();
      }
    }
    endedSeries.addAll(inherited);
    inherited.clear();
    endedSeries.forEach(labels -> stale(batch, labels, scrapeMs));
    cache.retainUsed();
    for (String family : changedFamilies) {
      MetricMetadata metadata = families.get(family);
      if (metadata != null) {
        batch.metadata(scrapeMs, family, metadata);
      }
    }
    return collector.counts;
  }

  /** What the target says about its metric families; for any thread. */
  Map<String, MetricMetadata> families() {
    return families;
  }

  private String typeOf(String family) {
    MetricMetadata known = families.get(family);
    return known == null ? "" : known.type();
  }

  /** The batch of the last {@link #read} is durable. */
  void stored() {
    changedFamilies.clear();
    newSeries.clear();
    endedSeries.clear();
  }

  /**
   * It is not, and will not be: what it brought is not alive, what it ended still is to be ended.
   */
  void notStored() {
    newSeries.forEach(StoredSeries::ended);
    newSeries.clear();
    inherited.addAll(endedSeries);
    endedSeries.clear();
  }

  /** Adds stale markers for everything alive. */
  void endAll(long timeMs, SampleBatch batch) {
    for (StoredSeries series : cache.stored()) {
      if (series.lastScrape() >= 0) {
        stale(batch, series.labels(), timeMs);
        series.ended();
      }
    }
    inherited.forEach(labels -> stale(batch, labels, timeMs));
    inherited.clear();
  }

  /** The labels of everything alive, for a loop that takes over. */
  List<Labels> alive() {
    List<Labels> alive = new ArrayList<>(inherited);
    for (StoredSeries series : cache.stored()) {
      if (series.lastScrape() >= 0) {
        alive.add(series.labels());
      }
    }
    return alive;
  }

  private static void stale(SampleBatch batch, Labels labels, long timeMs) {
    batch.series(labels);
    batch.sample(timeMs, StaleMarker.VALUE);
  }

  private final class Collector implements ExpositionSink {

    private final Counts counts = new Counts();
    private final long scrapeMs;
    private final long oldestMs;
    private final SampleBatch batch;
    private long timeToStore;
    private boolean begun;

    Collector(long scrapeMs, long oldestMs, SampleBatch batch) {
      this.scrapeMs = scrapeMs;
      this.oldestMs = oldestMs;
      this.batch = batch;
    }

    @Override
    public void sample(StoredSeries series, double value, long timeMs, long startMs) {
      if (begin(series, timeMs)) {
        batch.sample(timeToStore, value, startMs);
      }
    }

    @Override
    public void histogram(
        StoredSeries series, NativeHistogram histogram, long timeMs, long startMs) {
      if (begin(series, timeMs)) {
        batch.histogram(timeToStore, resolution.fit(histogram), startMs);
      }
    }

    @Override
    public void exemplar(StoredSeries series, Labels labels, double value, long timeMs) {
      if (begun) {
        boolean timed = timeMs != NO_TIME && config.honorTimestamps();
        batch.exemplar(new Exemplar(labels, value, timed ? timeMs : timeToStore));
      }
    }

    /** True when the sample is to be stored: its series is begun, its time known. */
    private boolean begin(StoredSeries series, long timeMs) {
      begun = false;
      counts.samples++;
      counts.stored++;
      int limit = config.limits().samples();
      if (limit > 0 && counts.stored > limit) {
        throw new SeriesMapping.Refused(
            "sample_limit exceeded: the target exposes more than " + limit + " samples");
      }
      boolean timed = timeMs != NO_TIME && config.honorTimestamps();
      if (timed && (timeMs < oldestMs || timeMs > scrapeMs + MAX_AHEAD_MS)) {
        counts.outOfBounds++;
        return false;
      }
      if (!timed || config.trackTimestampsStaleness()) {
        boolean isNew = series.lastScrape() < 0;
        boolean first = series.seenIn(scrape);
        if (!first && !timed) {
          counts.duplicates++;
          if (counts.duplicates == 1) {
            counts.firstDuplicate = series.labels().toString();
          }
          return false;
        }
        if (isNew) {
          counts.added++;
          newSeries.add(series);
        }
      }
      byte[] labels = series.labels().canonicalBytes();
      batch.series(labels, 0, labels.length, series.hash());
      timeToStore = timed ? timeMs : scrapeMs;
      begun = true;
      return true;
    }

    @Override
    public void dropped() {
      begun = false;
      counts.samples++;
    }

    @Override
    public void metadata(MetadataField field, String family, String text) {
      if (families.size() >= MAX_FAMILIES) {
        families.clear();
        changedFamilies.clear();
      }
      MetricMetadata old = families.getOrDefault(family, new MetricMetadata("unknown", "", ""));
      MetricMetadata changed =
          switch (field) {
            case TYPE -> new MetricMetadata(text, old.help(), old.unit());
            case HELP -> new MetricMetadata(old.type(), text, old.unit());
            case UNIT -> new MetricMetadata(old.type(), old.help(), text);
          };
      if (!changed.equals(families.put(family, changed))) {
        changedFamilies.add(family);
      }
    }
  }
}
