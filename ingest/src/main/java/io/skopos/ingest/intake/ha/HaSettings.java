// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import io.skopos.model.TenantId;
import io.skopos.model.config.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Pairs (or more) of Prometheus servers that send the same samples, of which one is to be kept. */
public record HaSettings(
    @Setting(
            doc =
                "Whether series with both labels below are deduplicated: of the replicas of a"
                    + " cluster one is kept, the samples of the others are accepted and dropped.",
            defaultValue = "false",
            perTenant = true)
        boolean enabled,
    @Setting(doc = "The label that names the pair.", defaultValue = "cluster", perTenant = true)
        String clusterLabel,
    @Setting(
            doc = "The label that names the server. It is removed from what is kept.",
            defaultValue = "__replica__",
            perTenant = true)
        String replicaLabel,
    @Setting(
            doc = "Clusters a tenant may have; a write of one more is answered 429. 0 is no limit.",
            defaultValue = "100",
            perTenant = true)
        int maxClusters,
    @Setting(
            doc = "After how long a silence of its leader a cluster gets another one.",
            defaultValue = "30s")
        Duration failoverTimeout,
    @Setting(doc = "How often it is written down that a leader still sends.", defaultValue = "15s")
        Duration updateTimeout,
    @Setting(doc = "Tenants that have settings of their own.", defaultValue = "[]")
        List<HaTenant> tenants) {

  public HaSettings {
    tenants = List.copyOf(tenants);
    if (clusterLabel.isEmpty() || replicaLabel.isEmpty() || clusterLabel.equals(replicaLabel)) {
      throw new IllegalArgumentException(
          "ha.cluster_label and ha.replica_label must be two different names");
    }
    if (failoverTimeout.compareTo(updateTimeout) < 0) {
      throw new IllegalArgumentException(
          "ha.failover_timeout must not be shorter than ha.update_timeout");
    }
  }

  public static HaSettings defaults() {
    return new HaSettings(
        false,
        "cluster",
        "__replica__",
        100,
        Duration.ofSeconds(30),
        Duration.ofSeconds(15),
        List.of());
  }

  /** The same, where one more tenant has settings of its own. */
  public HaSettings with(HaTenant own) {
    List<HaTenant> more = new ArrayList<>(tenants);
    more.removeIf(each -> each.tenant().equals(own.tenant()));
    more.add(own);
    return new HaSettings(
        enabled, clusterLabel, replicaLabel, maxClusters, failoverTimeout, updateTimeout, more);
  }

  /** What holds for a tenant. */
  HaTenant of(TenantId tenant) {
    for (HaTenant own : tenants) {
      if (own.tenant().equals(tenant.value())) {
        return own;
      }
    }
    return new HaTenant(tenant.value(), enabled, clusterLabel, replicaLabel, maxClusters);
  }
}
