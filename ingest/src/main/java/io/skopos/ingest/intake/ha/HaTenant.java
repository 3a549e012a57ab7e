// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import io.skopos.model.TenantId;
import io.skopos.model.config.Setting;

/** What one tenant has instead of the common settings; nothing is taken over from those. */
public record HaTenant(
    @Setting(doc = "Whose settings these are.") String tenant,
    @Setting(doc = "As ha.enabled, for this tenant.", defaultValue = "true") boolean enabled,
    @Setting(doc = "As ha.cluster_label, for this tenant.", defaultValue = "cluster")
        String clusterLabel,
    @Setting(doc = "As ha.replica_label, for this tenant.", defaultValue = "__replica__")
        String replicaLabel,
    @Setting(doc = "As ha.max_clusters, for this tenant.", defaultValue = "100") int maxClusters) {

  public HaTenant {
    new TenantId(tenant);
    if (clusterLabel.isEmpty() || replicaLabel.isEmpty() || clusterLabel.equals(replicaLabel)) {
      throw new IllegalArgumentException(
          "the cluster_label and replica_label of ha must be two different names");
    }
  }
}
