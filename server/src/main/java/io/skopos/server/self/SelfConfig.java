// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.self;

import io.skopos.model.TenantId;
import io.skopos.model.config.Setting;
import java.time.Duration;

/** How the server watches itself. */
public record SelfConfig(
    @Setting(
            doc =
                "Whether its own metrics are stored, with job=\"skopos\"; /metrics is there anyway.",
            defaultValue = "true")
        boolean enabled,
    @Setting(doc = "How often they are taken.", defaultValue = "15s") Duration interval,
    @Setting(
            doc = "The tenant that own metrics and host metrics belong to.",
            defaultValue = "anonymous")
        String tenant) {

  public SelfConfig {
    if (interval.toMillis() < 1000) {
      throw new IllegalArgumentException("self_monitoring.interval must be at least 1s");
    }
    try {
      new TenantId(tenant);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("self_monitoring.tenant: " + e.getMessage(), e);
    }
  }
}
