// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Batch;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.documents.Documents;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Keeps of several replicas' samples the leader's. A series belongs to a replica when it has both
 * labels; others pass. From what is kept the replica label is removed, before anything depends on
 * the labels (limits, shards), so that a failover goes on with the same series. Thread-safe.
 */
public final class Deduplication implements AutoCloseable {

  private volatile HaSettings settings;
  private final HaMetrics metrics;
  private final Elections elections;

  public Deduplication(
      HaSettings settings, Documents documents, InstantSource clock, PrometheusRegistry registry) {
    this.settings = settings;
    this.metrics = new HaMetrics(registry);
    this.elections = new Elections(settings, new LeaderDocuments(documents), clock, metrics);
    metrics.showClusters(registry, elections::clusters);
  }

  public Elections elections() {
    return elections;
  }

  /** From now on these settings hold. */
  public void settings(HaSettings changed) {
    settings = changed;
    elections.settings(changed);
  }

  /**
   * The batch itself when nothing in it belongs to a replica, else what is left of it.
   *
   * @throws WriteRefused with 202 when nothing is left, with 429 when the tenant has too many
   *     clusters
   */
  public Batch apply(TenantId tenant, Batch batch) {
    HaTenant own = settings.of(tenant);
    if (!(batch instanceof SampleBatch samples) || !own.enabled()) {
      return batch;
    }
    return new Pass(tenant, own, samples).run();
  }

  /** One batch; most are of one replica, so the verdict on the last pair is kept at hand. */
  private final class Pass {

    private final CanonicalLabels cluster;
    private final CanonicalLabels replica;
    private final TenantId tenant;
    private final SampleBatch batch;
    private final byte[] bytes;
    private byte[] lastCluster = new byte[0];
    private byte[] lastReplica = new byte[0];
    private boolean known;
    private boolean leads;

    Pass(TenantId tenant, HaTenant own, SampleBatch batch) {
      this.cluster = new CanonicalLabels(own.clusterLabel());
      this.replica = new CanonicalLabels(own.replicaLabel());
      this.tenant = tenant;
      this.batch = batch;
      this.bytes = batch.labelBytes();
    }

    SampleBatch run() {
      BitSet replicated = new BitSet();
      BitSet dropped = new BitSet();
      for (int series = 0; series < batch.seriesCount(); series++) {
        if (belongsToReplica(series)) {
          replicated.set(series);
          dropped.set(series, !leaderSent());
        }
      }
      if (replicated.isEmpty()) {
        return batch;
      }
      SampleBatch kept = copy(replicated, dropped);
      int lost = batch.rows() - kept.rows();
      if (lost > 0) {
        metrics.deduplicated(tenant, lost);
      }
      if (kept.rows() == 0 || (dropped.cardinality() == batch.seriesCount())) {
        throw new WriteRefused(
            202,
            "the replica '"
                + text(lastReplica)
                + "' does not lead its cluster '"
                + text(lastCluster)
                + "': its samples were dropped");
      }
      return kept;
    }

    private boolean belongsToReplica(int series) {
      int from = batch.labelStart(series);
      int to = batch.labelEnd(series);
      return replica.find(bytes, from, to) && cluster.find(bytes, from, to);
    }

    private boolean leaderSent() {
      boolean same =
          known
              && Arrays.equals(
                  bytes, cluster.valueStart, cluster.end, lastCluster, 0, lastCluster.length)
              && Arrays.equals(
                  bytes, replica.valueStart, replica.end, lastReplica, 0, lastReplica.length);
      if (!same) {
        lastCluster = Arrays.copyOfRange(bytes, cluster.valueStart, cluster.end);
        lastReplica = Arrays.copyOfRange(bytes, replica.valueStart, replica.end);
        leads = elections.leads(tenant, text(lastCluster), text(lastReplica));
        known = true;
      }
      return leads;
    }

    private SampleBatch copy(BitSet replicated, BitSet dropped) {
      SampleBatch kept = new SampleBatch();
      for (int series = 0; series < batch.seriesCount(); series++) {
        if (dropped.get(series)) {
          continue;
        }
        begin(kept, series, replicated.get(series));
        for (int i = batch.sampleStart(series); i < batch.sampleEnd(series); i++) {
          NativeHistogram histogram = batch.histogramAt(i);
          if (histogram == null) {
            kept.sample(batch.timeMs(i), batch.value(i), batch.startMs(i));
          } else {
            kept.histogram(batch.timeMs(i), histogram, batch.startMs(i));
          }
        }
      }
      for (SampleBatch.ExemplarRow row : batch.exemplars()) {
        if (!dropped.get(row.series())) {
          begin(kept, row.series(), replicated.get(row.series()));
          kept.exemplar(row.exemplar());
        }
      }
      if (kept.seriesCount() > 0 || batch.seriesCount() == 0) {
        batch.metadata().forEach(row -> kept.metadata(row.timeMs(), row.metric(), row.metadata()));
      }
      return kept;
    }

    private void begin(SampleBatch kept, int series, boolean withoutReplica) {
      int from = batch.labelStart(series);
      int to = batch.labelEnd(series);
      if (!withoutReplica) {
        kept.series(bytes, from, to - from, batch.hash(series));
        return;
      }
      boolean found = replica.find(bytes, from, to);
      int removed = found ? replica.end - replica.start : 0;
      byte[] labels = new byte[to - from - removed];
      int before = found ? replica.start - from : labels.length;
      System.arraycopy(bytes, from, labels, 0, before);
      if (found) {
        System.arraycopy(bytes, replica.end, labels, before, to - replica.end);
      }
      kept.series(labels, 0, labels.length);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    elections.close();
  }
}
